package io.hodei.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Switches and percentages, and the alias of one of them.
class SettingsTest {
  @Test
  void theAliasIsHonoured() {
    assertTrue(Settings.load(null, Map.of()).isOn(Key.IMMEDIATE_CLEANUP));
    assertFalse(Settings.load(null, Map.of("IMMEDIATE_WORKER_CLEANUP", "false")).isOn(Key.IMMEDIATE_CLEANUP));
    assertFalse(Settings.load(null, Map.of("HODEI_LIFECYCLE_ENABLED", "false")).isOn(Key.LIFECYCLE_ENABLED));
  }

  @Test
  void anAliasThatContradictsItsKeyIsRefused() {
    Map<String, String> both = Map.of("IMMEDIATE_WORKER_CLEANUP", "false", "HODEI_LIFECYCLE_IMMEDIATE_CLEANUP", "true");
    SettingsException refused = assertThrows(SettingsException.class, () -> Settings.load(null, both));
    assertTrue(refused.getMessage().contains("IMMEDIATE_WORKER_CLEANUP to say the same as HODEI_LIFECYCLE_IMMEDIATE_CLEANUP"), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "TRUE", "1", ""})
  void aSwitchIsTrueOrFalse(String value) {
    SettingsException refused = assertThrows(SettingsException.class, () -> Settings.load(null, Map.of("IMMEDIATE_WORKER_CLEANUP", value)));
    assertEquals("Expected true or false for hodei.lifecycle.immediate-cleanup, but found \"" + value + "\".", refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "101", "10.5", "ten"})
  void aPercentageIsAWholeNumberOfZeroToAHundred(String value) {
    SettingsException refused = assertThrows(SettingsException.class, () -> Settings.of(Map.of("hodei.lifecycle.immediate-cleanup-percent", value)));
    assertTrue(refused.getMessage().startsWith("Expected a whole number of 0 to 100 for hodei.lifecycle.immediate-cleanup-percent"), refused.getMessage());
  }
}
