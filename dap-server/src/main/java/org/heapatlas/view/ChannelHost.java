package org.heapatlas.view;

/** Who can carry large frames past a front end's debug protocol: the gateway. */
public interface ChannelHost {
  /** Where the channel of a view session is, and the token that opens it. */
  record Address(String url, String token) {}

  /** Makes the channel of this view session reachable; the answer stays the same for it. */
  Address host(ViewSession views);

  /** From now on the channel of this view session is not reachable, if it ever was. */
  default void leave(ViewSession views) {}
}
