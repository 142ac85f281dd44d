package io.hodei.api;

import io.hodei.kit.Codec;
import io.hodei.kit.Key;
import io.hodei.schemas.Flag;
import io.hodei.schemas.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The flags as applied, from `hodei.flags`. Written by one tail, read by any thread.
final class FlagView {
  private final Codec codec;
  private final ConcurrentSkipListMap<String, Flag> flags = new ConcurrentSkipListMap<>();
  private final Applied applied = new Applied();

  FlagView(Codec codec) {
    this.codec = codec;
  }

  /// A record of `hodei.flags`.
  void handle(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      flags.remove(record.key());
    } else {
      applied(codec.value(Topic.FLAGS, record.value(), Flag.class));
    }
  }

  void applied(Flag flag) {
    flags.put(flag.getName(), flag);
    applied.seen(flag.getCommandId());
  }

  Applied.Expectation expect(String commandId, int flags) {
    return applied.expect(commandId, flags);
  }

  /// Whether nothing is known: the dispatcher has not told yet.
  boolean isEmpty() {
    return flags.isEmpty();
  }

  /// False only when the dispatcher said so.
  boolean isLifecycleOn() {
    Flag flag = flags.get(Key.LIFECYCLE_ENABLED.key());
    return flag == null || !flag.getValue().equals("false");
  }

  /// Each flag's value by its name.
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    flags.forEach((name, flag) -> json.put(name, switch (flag.getValue()) {
      case "true" -> true;
      case "false" -> false;
      default -> Long.parseLong(flag.getValue());
    }));
    return json;
  }
}
