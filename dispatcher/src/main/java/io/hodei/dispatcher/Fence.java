package io.hodei.dispatcher;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the transactions that a killed dispatcher has left open, so that readers need not wait for their timeout. Does nothing while
/// another instance is a member of the group: its transactions are alive.
final class Fence {
  private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

  private Fence() {}

  static void deadTransactions(Admin admin, String applicationId, String instance) throws InterruptedException {
    try {
      if (othersAlive(admin, applicationId, instance)) {
        LOG.info("fence_skipped reason=\"another dispatcher is alive\"");
        return;
      }
      List<String> dead = new ArrayList<>();
      for (TransactionListing listing : admin.listTransactions().all().get()) {
        if (listing.transactionalId().startsWith(applicationId + "-") && isOpen(listing)) {
          dead.add(listing.transactionalId());
        }
      }
      if (!dead.isEmpty()) {
        admin.fenceProducers(dead).all().get();
        LOG.info("fenced transactions={}", dead);
      }
    } catch (ExecutionException e) {
      LOG.warn("fence_failed cause=\"{}\"", String.valueOf(e.getCause()));
    }
  }

  private static boolean isOpen(TransactionListing listing) {
    return switch (listing.state()) {
      case ONGOING, PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE, UNKNOWN -> true;
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> false;
    };
  }

  private static boolean othersAlive(Admin admin, String group, String instance) throws ExecutionException, InterruptedException {
    try {
      Collection<MemberDescription> members = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get().members();
      return members.stream().anyMatch(member -> member.groupInstanceId().map(id -> !id.startsWith(instance)).orElse(true));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return false;
      }
      throw e;
    }
  }
}
