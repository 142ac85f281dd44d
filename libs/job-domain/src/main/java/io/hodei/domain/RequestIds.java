package io.hodei.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// The id of a job whose request brings none: derived from the place of the request's record, so that whoever reads the
/// record comes to the same id.
public final class RequestIds {
  private RequestIds() {}

  /// The id of the request at `source` (`topic-partition-offset`): a UUID of version 8 (RFC 9562) in lower case.
  public static String of(String source) {
    ByteBuffer digest = ByteBuffer.wrap(RequestHash.sha256(source.getBytes(StandardCharsets.UTF_8)));
    long high = (digest.getLong() & 0xFFFFFFFFFFFF0FFFL) | 0x8000L;
    long low = (digest.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
