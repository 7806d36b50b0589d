package io.trivet.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/// One request on the control socket.
///
/// @param command its name, such as `status`
/// @param body the whole object, with the command's arguments as members
/// @param caller who asks
public record Request(String command, JsonObject body, Caller caller) {
  /// An argument that is text, or the empty text where it is missing.
  public String text(String name) {
    JsonElement value = body.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  /// Whether the caller stays and is told what comes.
  boolean follows() {
    JsonElement follow = body.get("follow");
    return follow != null && follow.isJsonPrimitive() && follow.getAsBoolean();
  }
}
