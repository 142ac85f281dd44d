package io.hodei.kit;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// A [Problem] as gRPC tells it: a google.rpc.Status with ErrorInfo (reason = the problem's code), with BadRequest for the fields,
/// with RetryInfo where HTTP sends Retry-After. Clients take 8 KiB of trailers, so long texts and lists are cut.
public final class GrpcProblem {
  static final String DOMAIN = "hodei";

  private static final int LONGEST_TEXT = 700;
  private static final int MOST_DETAIL_BYTES = 2400;

  private GrpcProblem() {}

  public static StatusRuntimeException of(Problem problem) {
    return of(problem, Map.of());
  }

  /// `more` goes into ErrorInfo's metadata.
  public static StatusRuntimeException of(Problem problem, Map<String, String> more) {
    Status.Builder status = Status.newBuilder().setCode(code(problem).getNumber()).setMessage(cut(problem.detail()));
    status.addDetails(Any.pack(ErrorInfo.newBuilder().setReason(problem.code()).setDomain(DOMAIN).putAllMetadata(more).build()));
    if (problem.more().get("errors") instanceof List<?> errors) {
      status.addDetails(Any.pack(fields(errors)));
    }
    problem.retryAfter().ifPresent(seconds -> status.addDetails(Any.pack(
        RetryInfo.newBuilder().setRetryDelay(Duration.newBuilder().setSeconds(Long.parseLong(seconds))).build())));
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /// By the meaning of google.rpc.Code: a conflict of what is to be made ALREADY_EXISTS, one with a state FAILED_PRECONDITION.
  static Code code(Problem problem) {
    return switch (problem.status()) {
      case 400, 415, 422 -> Code.INVALID_ARGUMENT;
      case 401 -> Code.UNAUTHENTICATED;
      case 403 -> Code.PERMISSION_DENIED;
      case 404 -> Code.NOT_FOUND;
      case 409 -> problem.more().containsKey("errors") ? Code.ALREADY_EXISTS : Code.FAILED_PRECONDITION;
      case 413, 429 -> Code.RESOURCE_EXHAUSTED;
      case 501 -> Code.UNIMPLEMENTED;
      case 503 -> Code.UNAVAILABLE;
      default -> Code.INTERNAL;
    };
  }

  private static BadRequest fields(List<?> errors) {
    BadRequest.Builder fields = BadRequest.newBuilder();
    int bytes = 0;
    for (Object each : errors) {
      if (each instanceof Map<?, ?> error) {
        BadRequest.FieldViolation found = BadRequest.FieldViolation.newBuilder().setField(place(error)).setReason(text(error, "code"))
            .setDescription(cut(text(error, "message"))).build();
        bytes += found.getSerializedSize() + 8;
        if (bytes > MOST_DETAIL_BYTES) {
          break;
        }
        fields.addFieldViolations(found);
      }
    }
    return fields.build();
  }

  private static String place(Map<?, ?> error) {
    String field = cut(text(error, "field"));
    Object index = error.get("index");
    return index == null ? field : "items[" + index + "]" + (field.isEmpty() ? "" : "." + field);
  }

  private static String text(Map<?, ?> error, String name) {
    Object found = error.get(name);
    return found == null ? "" : found.toString();
  }

  private static String cut(String text) {
    int end = Math.min(text.length(), LONGEST_TEXT);
    while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
      end -= 1 + (end - 1) / 8;
    }
    if (end > 0 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return end == text.length() ? text : text.substring(0, end) + "…";
  }
}
