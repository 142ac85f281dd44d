package io.hodei.arch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The marks in the sources of tests that say what they prove: lines `// proves: a, b` and annotations `@Proves({"a", "b"})`, each
/// before a class or a test method. Read as text, so that no module needs anything to be read.
final class ProofMarks {
  /// `row` is an id, or the beginning of ids when it ends with `*`. `test` is `Class` or `Class.method`; `file` where it is.
  record Mark(String row, String test, String file) {
    boolean proves(String id) {
      return row.endsWith("*") ? id.startsWith(row.substring(0, row.length() - 1)) : row.equals(id);
    }
  }

  private static final Pattern COMMENT = Pattern.compile("^\\s*//\\s*proves:(.*)$");
  private static final Pattern ANNOTATION = Pattern.compile("(?s)@Proves\\(([^)]*)\\)");
  private static final Pattern ROW = Pattern.compile("[a-z]+:[A-Za-z0-9-]+\\*?");
  private static final Pattern CLASS = Pattern.compile("^\\s*(?:public |final |abstract |static )*(?:class|record|interface) (\\w+)");
  private static final Pattern METHOD = Pattern.compile("^\\s*(?:public |private |protected |static |final )*[\\w<>\\[\\], .?]+ (\\w+)\\(");

  private ProofMarks() {}

  static List<Mark> read() {
    List<Mark> marks = new ArrayList<>();
    for (Path file : Checkout.javaFiles("src/test")) {
      marks.addAll(of(Checkout.text(file), Checkout.name(file), file.getFileName().toString().replace(".java", "")));
    }
    return marks;
  }

  /// The marks of one source.
  static List<Mark> of(String text, String file, String className) {
    List<Mark> marks = new ArrayList<>();
    List<String> lines = onOneLine(text).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher comment = COMMENT.matcher(lines.get(i));
      Matcher annotation = ANNOTATION.matcher(lines.get(i));
      if (comment.find() || annotation.find()) {
        Matcher row = ROW.matcher(lines.get(i).substring(lines.get(i).indexOf(':') < 0 ? 0 : start(lines.get(i))));
        while (row.find()) {
          marks.add(new Mark(row.group(), target(lines, i + 1, className), file));
        }
      }
    }
    return marks;
  }

  private static int start(String line) {
    int comment = line.indexOf("proves:");
    return comment >= 0 ? comment + "proves:".length() : line.indexOf("@Proves(");
  }

  /// Annotations that run over several lines, on one.
  private static String onOneLine(String text) {
    return ANNOTATION.matcher(text).replaceAll(found -> Matcher.quoteReplacement(found.group().replace("\n", " ")));
  }

  private static String target(List<String> lines, int from, String className) {
    for (String line : lines.subList(from, lines.size())) {
      String bare = line.strip();
      if (bare.isEmpty() || bare.startsWith("//") || bare.startsWith("@") || bare.startsWith("\"")) {
        continue;
      }
      Matcher type = CLASS.matcher(line);
      if (type.find()) {
        return type.group(1).equals(className) ? className : className + "." + type.group(1);
      }
      Matcher method = METHOD.matcher(line);
      if (method.find()) {
        return className + "." + method.group(1);
      }
    }
    return className;
  }
}
