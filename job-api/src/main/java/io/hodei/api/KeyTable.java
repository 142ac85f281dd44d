package io.hodei.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who holds which idempotency key of which tenant, of the last day: 24 bytes of heap for a key (36 with the table's free places), the
/// rest in a [RowFile]. What bounds it is a day's keys. Thread-safe.
final class KeyTable implements AutoCloseable {
  private static final long FREE = 0;
  private static final int LEAST = 64;

  private final RowFile file;
  private long[] hashes = new long[LEAST];
  private long[] places = new long[LEAST];
  private long[] times = new long[LEAST];
  private int size;

  KeyTable(RowFile file) {
    this.file = file;
  }

  synchronized int size() {
    return size;
  }

  synchronized RequestLedger.@Nullable Claim get(String tenant, String key) {
    int at = find(tenant, key);
    return at < 0 ? null : claim(at);
  }

  synchronized void put(String tenant, String key, RequestLedger.Claim claim) {
    int at = find(tenant, key);
    long place = file.append(bytes(tenant, key, claim));
    if (at >= 0) {
      file.forget(places[at]);
    } else {
      if ((size + 1) * 3L > hashes.length * 2L) {
        rebuild(hashes.length * 2, Long.MIN_VALUE);
      }
      at = free(hash(tenant, key));
      hashes[at] = hash(tenant, key);
      size++;
    }
    places[at] = place;
    times[at] = claim.at().toEpochMilli();
  }

  /// Forgets the claims of `horizon` and before.
  synchronized void removeUpTo(Instant horizon) {
    int gone = 0;
    for (int at = 0; at < hashes.length; at++) {
      gone += hashes[at] != FREE && times[at] <= horizon.toEpochMilli() ? 1 : 0;
    }
    if (gone > 0) {
      int left = size - gone;
      int capacity = LEAST;
      while ((left + 1) * 3L > capacity * 2L) {
        capacity *= 2;
      }
      rebuild(capacity, horizon.toEpochMilli());
    }
  }

  private void rebuild(int capacity, long horizonMs) {
    long[] oldHashes = hashes;
    long[] oldPlaces = places;
    long[] oldTimes = times;
    hashes = new long[capacity];
    places = new long[capacity];
    times = new long[capacity];
    size = 0;
    for (int old = 0; old < oldHashes.length; old++) {
      if (oldHashes[old] != FREE && oldTimes[old] <= horizonMs) {
        file.forget(oldPlaces[old]);
      } else if (oldHashes[old] != FREE) {
        int at = free(oldHashes[old]);
        hashes[at] = oldHashes[old];
        places[at] = oldPlaces[old];
        times[at] = oldTimes[old];
        size++;
      }
    }
  }

  private int find(String tenant, String key) {
    long hash = hash(tenant, key);
    for (int at = (int) hash & hashes.length - 1; hashes[at] != FREE; at = at + 1 & hashes.length - 1) {
      if (hashes[at] == hash && is(places[at], tenant, key)) {
        return at;
      }
    }
    return -1;
  }

  private int free(long hash) {
    int at = (int) hash & hashes.length - 1;
    while (hashes[at] != FREE) {
      at = at + 1 & hashes.length - 1;
    }
    return at;
  }

  private static long hash(String tenant, String key) {
    long hash = tenant.hashCode();
    for (int i = 0; i < key.length(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + key.charAt(i);
    }
    long mixed = Signature.mixed(hash);
    return mixed == FREE ? 1 : mixed;
  }

  private boolean is(long place, String tenant, String key) {
    try {
      DataInputStream in = body(place);
      return in.readUTF().equals(tenant) && in.readUTF().equals(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RequestLedger.Claim claim(int at) {
    try {
      DataInputStream in = body(places[at]);
      in.readUTF();
      in.readUTF();
      return new RequestLedger.Claim(in.readUTF(), in.readUTF(), in.readUTF(), Instant.ofEpochMilli(times[at]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataInputStream body(long place) {
    byte[] body = file.read(place);
    if (body == null) {
      throw new IllegalStateException("Expected the claim of a key at " + place + ", but its file is closed.");
    }
    return new DataInputStream(new ByteArrayInputStream(body));
  }

  private static byte[] bytes(String tenant, String key, RequestLedger.Claim claim) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      DataOutputStream out = new DataOutputStream(bytes);
      for (String text : new String[] {tenant, key, claim.jobId(), claim.source(), claim.hash()}) {
        out.writeUTF(text);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What keeps keys from the disk; null when nothing does.
  @Nullable String trouble() {
    return file.trouble();
  }

  @Override
  public void close() {
    file.close();
  }
}
