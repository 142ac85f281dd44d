package io.hodei.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The words of the command line as they were typed. In a locale such as C the JVM loses every letter that is not ASCII.
final class Words {
  private Words() {}

  static String[] exact(String[] args) {
    for (String arg : args) {
      if (!arg.chars().allMatch(c -> c < 0x80)) {
        return reread(args);
      }
    }
    return args;
  }

  private static String[] reread(String[] args) {
    try {
      List<byte[]> all = split(Files.readAllBytes(Path.of("/proc/self/cmdline")));
      String[] exact = new String[args.length];
      for (int i = 0; i < args.length; i++) {
        exact[i] = text(all.get(all.size() - args.length + i));
      }
      return exact;
    } catch (IOException | IndexOutOfBoundsException e) {
      return args;
    }
  }

  private static String text(byte[] word) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(word)).toString();
    } catch (CharacterCodingException e) {
      throw Failure.usage("Expected arguments in UTF-8, but one is not: " + new String(word, StandardCharsets.ISO_8859_1));
    }
  }

  private static List<byte[]> split(byte[] bytes) {
    List<byte[]> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        words.add(Arrays.copyOfRange(bytes, start, i));
        start = i + 1;
      }
    }
    return words;
  }
}
