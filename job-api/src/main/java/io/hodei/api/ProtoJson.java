package io.hodei.api;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.hodei.kit.Json;
import io.hodei.kit.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// gRPC's messages as the plain data that HTTP's JSON is, and back: one side's rules hold for both. What a client sets and the
/// message does not name is refused, as over HTTP.
final class ProtoJson {
  private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser();
  private static final double EXACT = 9_007_199_254_740_992.0;

  private ProtoJson() {}

  /// The message of an answer's JSON object.
  static <B extends Message.Builder> B message(Map<String, @Nullable Object> json, B builder) {
    try {
      PARSER.merge(Json.text(json), builder);
      return builder;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Expected every member of an answer in " + builder.getDescriptorForType().getFullName() + ", but: " + e.getMessage(), e);
    }
  }

  /// The JSON object of a request.
  ///
  /// @throws Problem.Raised 422
  @SuppressWarnings("unchecked")
  static Map<String, Object> fields(Message message) {
    refuseUnknown(message, "");
    try {
      Map<String, Object> fields = Json.MAPPER.readValue(PRINTER.print(message), Map.class);
      fields.computeIfPresent("providerConfig", (name, config) -> whole(config));
      return fields;
    } catch (IOException | IllegalArgumentException e) {
      throw new Problem(422, "invalid", "Expected a request that JSON can write, but: " + e.getMessage() + ".").raise();
    }
  }

  /// The members that are set, but `id`, as query parameters.
  ///
  /// @throws Problem.Raised 422
  static Map<String, List<String>> parameters(Message message) {
    refuseUnknown(message, "");
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    message.getAllFields().forEach((field, value) -> {
      if (!field.getName().equals("id")) {
        List<String> texts = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : List.of(value)) {
          texts.add(text(field, each));
        }
        parameters.put(field.getJsonName(), texts);
      }
    });
    return parameters;
  }

  private static String text(FieldDescriptor field, Object value) {
    return switch (value) {
      case EnumValueDescriptor named -> named.getName();
      case Integer number when field.getType() == FieldDescriptor.Type.UINT32 -> Integer.toUnsignedString(number);
      case Long number when field.getType() == FieldDescriptor.Type.UINT64 -> Long.toUnsignedString(number);
      default -> value.toString();
    };
  }

  private static void refuseUnknown(Message message, String path) {
    for (int number : message.getUnknownFields().asMap().keySet()) {
      String field = path + "#" + number;
      String detail = "Expected fields of " + message.getDescriptorForType().getFullName() + ", but found one with the number " + number + "; remove it.";
      throw Problem.invalid(detail, List.of(Map.of("field", field, "code", "unknown-field", "message", detail))).raise();
    }
    message.getAllFields().forEach((field, value) -> {
      for (Object each : value instanceof List<?> list ? list : List.of(value)) {
        if (each instanceof Message nested) {
          refuseUnknown(nested, path + field.getJsonName() + ".");
        }
      }
    });
  }

  /// Protobuf's numbers in free-form objects are all floating; JSON's whole ones are whole.
  private static Object whole(Object value) {
    return switch (value) {
      case Double number when number == Math.rint(number) && Math.abs(number) < EXACT -> number.longValue() == number.intValue()
          ? (Object) number.intValue() : (Object) number.longValue();
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, each) -> copy.put(String.valueOf(name), each == null ? null : whole(each)));
        yield copy;
      }
      case List<?> list -> list.stream().map(each -> each == null ? null : whole(each)).toList();
      default -> value;
    };
  }
}
