package io.trivet.lab;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;

/// A node's name as typed.
final class NodeArgument {
  private NodeArgument() {}

  /// The node of that name.
  ///
  /// @throws LabException naming the nodes that there are
  static Node parse(String name) throws LabException {
    return Node.ALL.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "there is no node "
                        + name
                        + "; there are "
                        + String.join(", ", Node.ALL.stream().map(Node::name).toList())));
  }
}
