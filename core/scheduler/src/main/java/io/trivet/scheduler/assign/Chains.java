package io.trivet.scheduler.assign;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.model.Resource;

/// How long a chain of colocations may be: following one is a recursion, and has to end in one
/// clear error before it ends the process. The members of a group are such a chain.
final class Chains {
  /// More resources than these, each colocated with the next, are refused.
  static final int LONGEST = 300;

  private Chains() {}

  /// @param depth how many resources of the chain were met before this one
  static void check(Resource resource, int depth) {
    if (depth > LONGEST) {
      throw CibException.at(
          resource.originalXml,
          "a chain of more than "
              + LONGEST
              + " resources that are colocated, each with the next, is not supported");
    }
  }
}
