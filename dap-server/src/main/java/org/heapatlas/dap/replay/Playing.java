package org.heapatlas.dap.replay;

import java.util.Optional;
import java.util.OptionalLong;
import org.heapatlas.model.Moment;
import org.heapatlas.session.Player;

/**
 * What a client hears of a recording that is played: it runs as a program does, and stops at
 * breakpoints and at the ends. Called by the player, under its lock.
 */
final class Playing implements Player.Escort {
  private final Replay replay;
  private Optional<Arrival> arrival = Optional.empty();

  Playing(Replay replay) {
    this.replay = replay;
  }

  @Override
  public void allow(long process) {
    replay.refuseWhileSearching();
  }

  @Override
  public void began(long process) {
    arrival = Optional.empty();
    replay.tellRuns(process);
  }

  /** As continue stops: at the event before which it stands, but not where it set out. */
  @Override
  public Optional<Moment> stop(long process, long from, long to) {
    boolean backward = to < from;
    arrival =
        replay.stopOnTheWay(
            process, backward ? from : from + 1, OptionalLong.of(backward ? to : to + 1), backward);
    return arrival.map(Arrival::moment);
  }

  @Override
  public void ended(long process, Player.Ending ending) {
    switch (ending) {
      case STOP -> replay.tellStopped(process, arrival.orElseThrow());
      case BEGINNING_OF_TIME ->
          replay.tellStopped(process, Arrival.atEnd(true, Replay.AT_BEGINNING));
      case END_OF_TIME -> replay.tellStopped(process, Arrival.atEnd(false, Replay.AT_END));
      case PAUSED, FAILED -> replay.tellStopped(process, Arrival.atEnd(false, "pause"));
      case TAKEN_OVER -> {} // who takes over tells where it stops
    }
  }
}
