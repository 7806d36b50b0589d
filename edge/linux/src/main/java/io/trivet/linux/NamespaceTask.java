package io.trivet.linux;

import org.jspecify.annotations.Nullable;

/// What [NetworkNamespace#run] runs inside a namespace.
@FunctionalInterface
public interface NamespaceTask<T extends @Nullable Object> {
  T run() throws LinuxException;
}
