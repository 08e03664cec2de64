package org.heapatlas.eclipse.ui.launch;

import org.eclipse.core.expressions.PropertyTester;
import org.eclipse.core.resources.IResource;

/** The property {@code isProgram} of resources, for plugin.xml. */
public final class ProgramTester extends PropertyTester {
  @Override
  public boolean test(Object receiver, String property, Object[] arguments, Object expected) {
    return receiver instanceof IResource resource && Programs.isProgram(resource);
  }
}
