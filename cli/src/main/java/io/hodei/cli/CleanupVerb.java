package io.hodei.cli;

import java.io.IOException;

/// `hodei cleanup`.
final class CleanupVerb {
  private CleanupVerb() {}

  static int run(Call call) throws IOException {
    Api.Answer answer = call.api().get("/v1/cleanup");
    if (call.json()) {
      call.pass(answer.body());
    } else {
      call.say(CleanupBoard.of(answer.json()));
    }
    return 0;
  }
}
