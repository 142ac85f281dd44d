package io.hodei.providers;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a worker is made of, for providers that make it of something: an image, and limits as jobs write them (`500m` or `2` CPUs, `256Mi`
/// of memory, whole GPUs), and `providerConfig`, the JSON text of
/// what more is asked of this type of provider. Null: not asked for.
public record WorkerShape(@Nullable String image, @Nullable String cpu, @Nullable String memory, @Nullable Integer gpu, @Nullable String providerConfig) {
  /// Nothing is asked for.
  public static final WorkerShape NONE = new WorkerShape(null, null, null, null);

  private static final Map<String, Long> UNITS = Map.of("Ki", 1L << 10, "Mi", 1L << 20, "Gi", 1L << 30, "Ti", 1L << 40,
      "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L, "T", 1_000_000_000_000L);

  /// Without a `providerConfig`.
  public WorkerShape(@Nullable String image, @Nullable String cpu, @Nullable String memory, @Nullable Integer gpu) {
    this(image, cpu, memory, gpu, null);
  }

  /// Billionths of a CPU; null: no limit.
  @Nullable Long nanoCpus() {
    if (cpu == null) {
      return null;
    }
    boolean milli = cpu.endsWith("m");
    BigDecimal amount = new BigDecimal(milli ? cpu.substring(0, cpu.length() - 1) : cpu);
    return amount.movePointRight(milli ? 6 : 9).longValueExact();
  }

  /// Bytes, at most an exbibyte; null: no limit.
  @Nullable Long memoryBytes() {
    return memory == null ? null : bytes(memory);
  }

  /// Of a size as jobs write it, at most an exbibyte.
  static long bytes(String size) {
    String digits = size.replaceAll("\\D", "");
    BigInteger unit = BigInteger.valueOf(UNITS.getOrDefault(size.substring(digits.length()), 1L));
    return new BigInteger(digits).multiply(unit).min(BigInteger.TWO.pow(60)).longValueExact();
  }
}
