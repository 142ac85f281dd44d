package io.hodei.kit;

import io.helidon.common.Weighted;
import io.helidon.webserver.ProtocolConfigs;
import io.helidon.webserver.http2.spi.Http2SubProtocolProvider;
import io.helidon.webserver.http2.spi.Http2SubProtocolSelector;

/// Tells Helidon's HTTP/2 of [GrpcRoutes], on those listeners whose configuration has them; found by the service loader, before
/// Helidon's own gRPC.
public final class GrpcSubProtocol implements Http2SubProtocolProvider<GrpcRoutes>, Weighted {
  static final String TYPE = "hodei-grpc";

  @Override
  public String protocolType() {
    return TYPE;
  }

  @Override
  public Class<GrpcRoutes> protocolConfigType() {
    return GrpcRoutes.class;
  }

  @Override
  public Http2SubProtocolSelector create(GrpcRoutes routes, ProtocolConfigs configs) {
    return routes;
  }

  @Override
  public double weight() {
    return Weighted.DEFAULT_WEIGHT + 100;
  }
}
