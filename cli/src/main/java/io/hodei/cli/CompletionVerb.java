package io.hodei.cli;

import java.io.IOException;
import java.util.List;

/// `hodei completion bash|zsh`; to be sourced: `source <(hodei completion bash)`. Knows the commands and their options.
final class CompletionVerb {
  private static final String ZSH = "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n";

  private CompletionVerb() {}

  static int run(Call call) throws IOException {
    String shell = call.operand();
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw Failure.usage("Expected bash or zsh, but found \"" + shell + "\"; other shells are not built yet");
    }
    call.say((shell.equals("zsh") ? ZSH : "") + script(CommandTable.VERBS));
    return 0;
  }

  static String script(List<Verb> verbs) {
    StringBuilder text = new StringBuilder("""
        _hodei() {
          local word=${COMP_WORDS[COMP_CWORD]} choices=
          if [ "$COMP_CWORD" -eq 1 ]; then
            choices='""").append(names(verbs)).append("""
        --help --version'
          else
            case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
        """);
    for (Verb verb : verbs) {
      for (Verb below : verb.verbs()) {
        choices(text, "'" + verb.name() + " " + below.name() + "'", below);
      }
      choices(text, "'" + verb.name() + " '*", verb);
    }
    return text.append("""
            esac
          fi
          COMPREPLY=($(compgen -W "$choices" -- "$word"))
        }
        complete -o default -F _hodei hodei ./hodei""").toString();
  }

  private static void choices(StringBuilder text, String pattern, Verb verb) {
    text.append("      ").append(pattern).append(") choices='").append(names(verb.verbs())).append(String.join(" ", verb.optionNames())).append("' ;;\n");
  }

  private static String names(List<Verb> verbs) {
    StringBuilder names = new StringBuilder();
    verbs.forEach(verb -> names.append(verb.name()).append(' '));
    return names.toString();
  }
}
