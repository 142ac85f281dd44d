package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTableTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void holdsWhatAMapHolds(long seed, @TempDir Path directory) {
    Random random = new Random(seed);
    Map<String, RequestLedger.Claim> model = new HashMap<>();
    try (KeyTable table = new KeyTable(new RowFile(directory, 4096))) {
      for (int step = 0; step < 5_000; step++) {
        String key = "k" + random.nextInt(1_500);
        String tenant = random.nextBoolean() ? "Aa" : "BB";
        RequestLedger.Claim claim = new RequestLedger.Claim("job-" + step, "t-0-" + step, "h" + step, Given.NOON.plusMillis(step));
        model.put(tenant + key, claim);
        table.put(tenant, key, claim);
        if (step % 1_000 == 999) {
          var horizon = Given.NOON.plusMillis(step - 700);
          model.values().removeIf(each -> !each.at().isAfter(horizon));
          table.removeUpTo(horizon);
        }
      }
      assertEquals(model.size(), table.size());
      for (int i = 0; i < 1_500; i++) {
        for (String tenant : new String[] {"Aa", "BB"}) {
          assertEquals(model.get(tenant + "k" + i), table.get(tenant, "k" + i));
        }
      }
      table.removeUpTo(Given.NOON.plusSeconds(60));
      assertEquals(0, table.size());
      assertNull(table.get("Aa", "k1"));
    }
  }
}
