package io.hodei.providers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Image;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// An image of ours with one empty directory in it and nothing to run: what fills a volume through it meets no volume, no link and no file of anybody.
/// Its name follows the volume's, so that two installations are not in each other's way; `labels` tell whose it is. It is loaded as `docker save` writes one: `POST /images/create` with a body takes the same bytes from Docker's own
/// client, and answers docker-java's with "unexpected EOF".
record BlankImage(String name, Map<String, String> labels) {
  private static final String DIRECTORY = "hodei";

  static BlankImage of(String volume, Map<String, String> labels) {
    return new BlankImage(volume.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ":blank", labels);
  }

  void load(DockerClient client) {
    client.loadImageCmd(new ByteArrayInputStream(archive())).exec();
  }

  /// All that were ever loaded with this label, a filling that was cut included.
  static void removeAll(DockerClient client, String label) {
    for (Image image : client.listImagesCmd().withLabelFilter(label).exec()) {
      client.removeImageCmd(image.getId()).withForce(true).exec();
    }
  }

  private byte[] archive() {
    byte[] layer = TarArchive.ofEmpty(DIRECTORY);
    String labelled = labels.entrySet().stream().map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"").collect(Collectors.joining(","));
    byte[] config = ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Labels\":{" + labelled + "}},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" + hex(layer) + "\"]}}")
        .getBytes(StandardCharsets.UTF_8);
    String configFile = hex(config) + ".json";
    byte[] manifest = ("[{\"Config\":\"" + configFile + "\",\"RepoTags\":[\"" + name + "\"],\"Layers\":[\"layer.tar\"]}]").getBytes(StandardCharsets.UTF_8);
    return TarArchive.ofFiles(Map.of(configFile, config, "layer.tar", layer, "manifest.json", manifest));
  }

  private static String hex(byte[] content) {
    return HexFormat.of().formatHex(Sha256.of(content));
  }
}
