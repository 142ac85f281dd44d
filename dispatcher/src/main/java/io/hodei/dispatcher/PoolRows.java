package io.hodei.dispatcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.hodei.domain.PoolPolicy;
import io.hodei.domain.PoolReader;
import io.hodei.domain.RequestReader;
import io.hodei.domain.Violation;
import io.hodei.kit.Json;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.Pool;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pools of a shard as records of `hodei.pools`, which are also the rows in the store: pool `default` is the configuration's until
/// somebody has set it. Used by one stream thread.
public final class PoolRows {
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final PoolPolicy usual;
  private final Map<String, Pool> rows = new LinkedHashMap<>();

  /// @param usual pool `default` of the configuration
  public PoolRows(PoolPolicy usual) {
    this.usual = usual;
    rows.put(usual.name(), PoolRecords.write(usual).build());
  }

  /// A row of the store; it goes before the configuration.
  public void restore(Pool row) {
    rows.put(row.getName(), row);
  }

  List<Pool> all() {
    return List.copyOf(rows.values());
  }

  List<PoolPolicy> policies() {
    return rows.values().stream().map(PoolRecords::read).toList();
  }

  /// Applies an ApplyPool. The answered row has the command's id; it is unchanged when the pool was so already, or when the writer had seen
  /// another generation.
  ///
  /// @throws UnreadableException when it names no pool or what it asks for is not allowed
  Pool apply(ControlCommand command, Instant at) {
    String name = Wire.given(command.getPool(), "pool");
    if (!RequestReader.NAME.matcher(name).matches()) {
      throw new UnreadableException("Expected the name of a pool, but found \"" + name + "\".");
    }
    PoolReader.Read asked = PoolReader.read(name, fields(Wire.given(command.getSpec(), "spec")), usual.maxWorkers(), usual.maxCreating());
    for (Violation violation : asked.violations()) {
      throw new UnreadableException(violation.field() + ": " + violation.message());
    }
    Pool before = rows.get(name);
    long generation = before == null ? 0 : before.getGeneration();
    boolean stale = asked.generation() != null && asked.generation() != generation;
    if (before == null && stale) {
      throw new UnreadableException("Expected generation 0 of pool " + name + ", which does not exist yet, but found " + asked.generation() + ".");
    }
    if (before != null && (stale || isAs(before, asked.pool()))) {
      Pool same = Pool.newBuilder(before).setCommandId(command.getCommandId()).build();
      rows.put(name, same);
      return same;
    }
    Pool after = PoolRecords.write(asked.pool().at(generation + 1)).setChangedAt(at).setActor(command.getActor())
        .setCommandId(command.getCommandId()).build();
    rows.put(name, after);
    return after;
  }

  private static boolean isAs(Pool row, PoolPolicy asked) {
    return row.getChangedAt() != null && asked.at(row.getGeneration()).equals(PoolRecords.read(row));
  }

  private static Map<String, Object> fields(String spec) {
    try {
      return Json.MAPPER.readValue(spec, FIELDS);
    } catch (JsonProcessingException e) {
      throw new UnreadableException("Expected a JSON object as spec, but: " + e.getOriginalMessage(), e);
    }
  }
}
