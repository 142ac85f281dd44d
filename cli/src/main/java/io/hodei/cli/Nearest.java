package io.hodei.cli;

import java.util.List;

/// The known word that a mistyped one most resembles.
final class Nearest {
  private static final int FARTHEST = 3;

  private Nearest() {}

  /// `did you mean --pool? `, or nothing.
  static String to(String word, List<String> known) {
    String best = "";
    int least = Math.min(FARTHEST, word.length() - 1) + 1;
    for (String each : known) {
      int distance = each.startsWith(word) && word.length() > 3 ? 0 : distance(word, each);
      if (distance < least) {
        least = distance;
        best = each;
      }
    }
    return best.isEmpty() ? "" : "did you mean " + best + "? ";
  }

  /// How many letters have to be put in, left out or changed.
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
