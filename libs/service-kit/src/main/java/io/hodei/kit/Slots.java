package io.hodei.kit;

/// How many workers a pool that does not say so may have, and how many of them in creation at once: as configured, else by this machine's cores.
public record Slots(int maxWorkers, int maxCreating) {
  public static Slots of(Settings settings) {
    int cores = Runtime.getRuntime().availableProcessors();
    long workers = settings.number(Key.MAX_WORKERS);
    long creating = settings.number(Key.MAX_CREATING);
    return new Slots((int) (workers > 0 ? workers : Math.max(32, 4L * cores)), (int) (creating > 0 ? creating : Math.max(4, 2L * cores)));
  }
}
