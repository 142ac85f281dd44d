package io.hodei.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.Value;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.hodei.jobs.v1.LogLine;
import io.hodei.kit.Problem;
import io.hodei.schemas.LogEntry;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The members of the JSON lines as messages, one by one. Waits for its reader with each; holds nothing back.
final class GrpcLogSink implements LogSink {
  private final CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
  private final ServerCallStreamObserver<LogLine> reader;

  GrpcLogSink(ServerCallStreamObserver<LogLine> reader) {
    this.reader = reader;
  }

  @Override
  public void entry(int attempt, LogEntry entry) {
    LineText line = LineText.of(entry, strict);
    LogLine.Builder message = LogLine.newBuilder().setSeq(number(entry.getSeq())).setAttempt(attempt).setStream(entry.getStream()).setText(line.text());
    String at = Rfc3339.text(entry.getAt());
    if (at != null) {
      message.setAt(at);
    }
    if (line.bytes() != null) {
      message.setBytes(ByteString.copyFrom(line.bytes().duplicate()));
    }
    if (entry.getPartial()) {
      message.setPartial(true);
    }
    send(message.build());
  }

  @Override
  public void end(LogSummary summary) {
    LogLine.Builder message = LogLine.newBuilder().setEnd(true).setLines(number(summary.lines())).setComplete(summary.complete());
    for (List<Long> gap : summary.missing()) {
      ListValue.Builder pair = ListValue.newBuilder();
      gap.forEach(seq -> pair.addValues(Value.newBuilder().setNumberValue(seq)));
      message.addMissing(pair);
    }
    if (summary.nextFrom() != null && summary.nextAttempt() != null) {
      message.setNextAttempt(summary.nextAttempt()).setNextFrom(number(summary.nextFrom()));
    }
    send(message.build());
  }

  @Override
  public void flush() {
    // Each message has been sent.
  }

  @Override
  public void quiet() {
    requireReader();
  }

  private void send(LogLine message) {
    requireReader();
    reader.onNext(message);
  }

  private void requireReader() {
    if (reader.isCancelled()) {
      throw Status.CANCELLED.withDescription("Nobody reads the log any more.").asRuntimeException();
    }
  }

  private static int number(long number) {
    if (number >>> 32 != 0) {
      throw Problem.notBuilt("telling line " + number + " of a log over gRPC, whose numbers end at 4294967295 (HTTP has them all)").raise();
    }
    return (int) number;
  }
}
