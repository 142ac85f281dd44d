package io.hodei.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class WorkerTokenTest {
  @Test
  void aTokenIs256RandomBitsAndShowsOnlyItsHash() {
    WorkerToken token = WorkerToken.draw();
    assertEquals(32, Base64.getUrlDecoder().decode(token.secret()).length);
    assertNotEquals(token.secret(), WorkerToken.draw().secret());
    assertFalse(token.toString().contains(token.secret()));
  }

  @Test
  void theHashIsHexSha256OfTheText() {
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", new WorkerToken("abc").hash());
    assertEquals("ba7816bf8f01", io.hodei.kit.InstallationId.ofCluster("abc"));
  }
}
