package io.hodei.api;

import io.hodei.kit.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Cursors as the text that clients hold, and back. A text names the list that it was made for and carries a seal of the installation:
/// it survives a restart and is good at every job-api of the installation, for the same conditions. What we did not write is refused.
/// The seal keeps mistakes out, not attackers: a cursor shows nobody anything that the list does not.
final class CursorSeal {
  private static final int SEAL = 8;
  private static final int LIST = 4;

  private final SecretKeySpec key;

  CursorSeal(String installationId) {
    this.key = new SecretKeySpec(("hodei-cursor-" + installationId).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  String text(Cursor cursor, String list) {
    byte[] id = cursor.id().getBytes(StandardCharsets.UTF_8);
    byte[] body = ByteBuffer.allocate(LIST + 8 + id.length).put(mac(list.getBytes(StandardCharsets.UTF_8), LIST)).putLong(cursor.atMs()).put(id).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(
        ByteBuffer.allocate(SEAL + body.length).put(mac(body, SEAL)).put(body).array());
  }

  /// @throws Problem.Raised 400 when `text` is none of ours, or of another list
  Cursor parse(String text, String list) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw foreign(text);
    }
    if (bytes.length <= SEAL + LIST + 8) {
      throw foreign(text);
    }
    byte[] body = Arrays.copyOfRange(bytes, SEAL, bytes.length);
    if (!MessageDigest.isEqual(mac(body, SEAL), Arrays.copyOf(bytes, SEAL))) {
      throw foreign(text);
    }
    if (!Arrays.equals(mac(list.getBytes(StandardCharsets.UTF_8), LIST), Arrays.copyOf(body, LIST))) {
      throw Problems.badQuery("cursor", "a cursor of this list, with the conditions of the page that it came from", text);
    }
    return new Cursor(ByteBuffer.wrap(body, LIST, 8).getLong(), new String(body, LIST + 8, body.length - LIST - 8, StandardCharsets.UTF_8));
  }

  private static Problem.Raised foreign(String text) {
    return Problems.badQuery("cursor", "the nextCursor of an earlier answer of this installation", text.length() <= 80 ? text : text.substring(0, 80) + "…");
  }

  private byte[] mac(byte[] of, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return Arrays.copyOf(mac.doFinal(of), length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Expected every JDK to have HmacSHA256", e);
    }
  }
}
