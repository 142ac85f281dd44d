package io.hodei.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `hodei status`: what runs of an installation on this machine. Exit code 0 when there is one, also when parts are dead.
final class LocalStatus {
  /// What `up` wants.
  private static final long LEAST_FREE_BYTES = 200L << 20;

  private LocalStatus() {}

  static int run(Call call) throws IOException {
    boolean json = call.json();
    LocalInstallation installation = new LocalInstallation(call.directory());
    if (!installation.exists()) {
      throw NobodyThere.in(installation.data(), call.data() != null);
    }
    List<LocalInstallation.Service> services = installation.services();
    call.say(json ? Json.MAPPER.writeValueAsString(json(installation, services)) : text(installation, services));
    return 0;
  }

  private static Map<String, Object> json(LocalInstallation installation, List<LocalInstallation.Service> services) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("installation", installation.installation());
    fields.put("data", installation.data().toString());
    fields.put("version", installation.version());
    fields.put("services", services.stream().map(service -> {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", service.name());
      each.put("pid", service.pid() == 0 ? null : service.pid());
      each.put("url", service.url());
      each.put("state", service.state());
      return each;
    }).toList());
    return fields;
  }

  private static String text(LocalInstallation installation, List<LocalInstallation.Service> services) throws IOException {
    StringBuilder text = new StringBuilder("installation ").append(installation.installation()).append("  version ").append(installation.version())
        .append("  data ").append(installation.data()).append('\n');
    if (services.isEmpty()) {
      return text.append("stopped; start it: ./hodei up --data ").append(installation.data()).toString();
    }
    Table table = new Table(false, "NAME", "STATE", "PID", "URL");
    services.forEach(service -> table.row(service.name(), service.state(), service.pid() == 0 ? null : service.pid(), service.url()));
    text.append(table);
    services.stream().filter(service -> service.state().equals("dead")).findFirst().ifPresent(service ->
        text.append('\n').append(service.name()).append(" is dead; its log is in ").append(installation.data().resolve("log")));
    long free = Files.getFileStore(installation.data()).getUsableSpace();
    if (free < LEAST_FREE_BYTES) {
      text.append("\nthe disk of ").append(installation.data()).append(" has ").append(free >> 20).append(" MiB free; free some, then bring back what is dead: ./hodei up");
    }
    return text.toString();
  }
}
