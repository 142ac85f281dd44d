package io.hodei.domain;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a worker is made of, as a job or a pool's template says it: the fields `image` and `resources`.
record Shape(@Nullable String image, @Nullable Resources resources) {
  private static final Pattern CPU = Pattern.compile("\\d{1,7}m|\\d{1,4}(\\.\\d{1,3})?");
  private static final Pattern MEMORY = Pattern.compile("\\d{1,15}(Ki|Mi|Gi|Ti|k|M|G|T)?");
  private static final int LONGEST_IMAGE = 512;
  private static final int MOST_GPUS = 64;

  /// `path` precedes the fields' names in what is noted in `violations`.
  static Shape read(FieldReader fields, String path, List<Violation> violations) {
    return new Shape(image(fields, path, violations), resources(fields, path, violations));
  }

  private static @Nullable String image(FieldReader fields, String path, List<Violation> violations) {
    String image = fields.text("image");
    if (image != null && (image.isEmpty() || image.length() > LONGEST_IMAGE || !image.chars().allMatch(c -> c > 0x20 && c < 0x7F))) {
      violations.add(new Violation(path + "image", "bad-value", "Expected an image's name of 1 to " + LONGEST_IMAGE
          + " visible ASCII characters, but found \"" + FieldReader.shown(image) + "\"."));
    }
    return image;
  }

  private static @Nullable Resources resources(FieldReader fields, String path, List<Violation> violations) {
    FieldReader nested = fields.nested("resources");
    if (nested == null) {
      return null;
    }
    String cpu = shaped(path + "resources.cpu", nested.text("cpu"), CPU, "a CPU share such as \"500m\" or \"2\"", violations);
    String memory = shaped(path + "resources.memory", nested.text("memory"), MEMORY, "a size such as \"256Mi\" or \"1Gi\"", violations);
    Integer gpu = nested.integer("gpu", 0, MOST_GPUS);
    nested.refuseUnknown();
    return cpu == null && memory == null && gpu == null ? null : new Resources(cpu, memory, gpu);
  }

  private static @Nullable String shaped(String where, @Nullable String text, Pattern shape, String expected, List<Violation> violations) {
    if (text != null && !shape.matcher(text).matches()) {
      violations.add(new Violation(where, "bad-name", "Expected " + expected + ", but found \"" + FieldReader.shown(text) + "\"."));
      return null;
    }
    return text;
  }
}
