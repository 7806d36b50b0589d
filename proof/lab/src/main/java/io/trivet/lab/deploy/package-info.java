/// What a deployer does on a controller: files, secrets, certificates, the package, Keystone.
@NullMarked
package io.trivet.lab.deploy;

import org.jspecify.annotations.NullMarked;
