package org.heapatlas.eclipse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.eclipse.core.runtime.Platform;
import org.eclipse.ui.PlatformUI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** The bundles stand in a workbench. */
class WorkbenchTest {
  @ParameterizedTest
  @ValueSource(strings = {"core", "javafx", "server", "ui"})
  void everyBundleIsResolved(String name) {
    Bundle bundle = Platform.getBundle("org.heapatlas.eclipse." + name);
    assertNotNull(bundle, "no bundle of that name is installed");
    assertEquals(0, bundle.getState() & (Bundle.INSTALLED | Bundle.UNINSTALLED));
  }

  @Test
  void theWorkbenchHasAWindow() {
    assertNotNull(PlatformUI.getWorkbench().getActiveWorkbenchWindow());
  }
}
