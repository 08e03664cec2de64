package org.heapatlas.eclipse.journeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.Platform;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.equinox.p2.core.IProvisioningAgent;
import org.eclipse.equinox.p2.engine.IProfile;
import org.eclipse.equinox.p2.engine.IProfileRegistry;
import org.eclipse.equinox.p2.metadata.IInstallableUnit;
import org.eclipse.equinox.p2.query.QueryUtil;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.views.IViewDescriptor;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.tests.Pictures;
import org.heapatlas.eclipse.tests.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A plain workbench into which the feature was installed from the site. */
class InstallationTest {
  private static final String FEATURE = "org.heapatlas.feature.feature.group";
  private static final List<String> VIEWS =
      List.of("atlas", "timeline", "findings", "query", "watchpoints", "recordings", "nodes");

  @Test
  void theFeatureIsInstalledByItself() {
    BundleContext context = Platform.getBundle("org.eclipse.osgi").getBundleContext();
    IProvisioningAgent agent =
        context.getService(context.getServiceReference(IProvisioningAgent.class));
    IProfile profile = agent.getService(IProfileRegistry.class).getProfile(IProfileRegistry.SELF);
    assertNotNull(profile, "the workbench knows what it was installed from");
    List<IInstallableUnit> found =
        List.copyOf(profile.query(QueryUtil.createIUQuery(FEATURE), null).toUnmodifiableSet());
    assertEquals(1, found.size());
    assertEquals(
        "true",
        profile.getInstallableUnitProperty(found.getFirst(), IProfile.PROP_PROFILE_ROOT_IU),
        "it is listed, and can be taken away");
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "javafx", "server", "ui"})
  void eachBundleIsResolvedFromTheInstallationAndStarts(String name) throws Exception {
    Bundle bundle = Platform.getBundle("org.heapatlas.eclipse." + name);
    assertNotNull(bundle, "it is installed");
    Path installed = Path.of(Platform.getInstallLocation().getURL().getPath());
    Path place = FileLocator.getBundleFileLocation(bundle).orElseThrow().toPath();
    assertEquals(installed.resolve("plugins"), place.getParent());
    bundle.start(Bundle.START_TRANSIENT);
    assertEquals(Bundle.ACTIVE, bundle.getState());
  }

  @Test
  void theLaunchTypeIsThereToDebugWith() throws Exception {
    var type =
        DebugPlugin.getDefault()
            .getLaunchManager()
            .getLaunchConfigurationType(LaunchAttributes.TYPE);
    assertNotNull(type);
    assertEquals("HeapAtlas", type.getName());
    assertTrue(type.supportsMode(ILaunchManager.DEBUG_MODE));
    assertNotNull(
        type.newInstance(null, "any")
            .getType()
            .getDelegates(java.util.Set.of(ILaunchManager.DEBUG_MODE)));
  }

  @Test
  void everyViewOpensInThePerspective() throws Exception {
    List<String> offered =
        Arrays.stream(PlatformUI.getWorkbench().getViewRegistry().getViews())
            .map(IViewDescriptor::getId)
            .toList();
    for (String view : VIEWS) {
      String id = "org.heapatlas.eclipse.ui.view." + view;
      assertTrue(offered.contains(id), id);
      Eye.on(() -> Views.perspective().showView(id));
      Eye.sees(
          view + " is in sight",
          () -> Views.perspective().findView(id).getSite().getPart() != null);
    }
    Pictures.take("installed");
  }

  /** <i>Help &gt; About &gt; Installation Details</i>. */
  @Test
  void theWorkbenchListsItAsInstalled() throws Exception {
    Eye.on(Views::perspective);
    Menus.choose('h', "About");
    Hand.click(Eye.button("Installation Details"));
    Eye.row("HeapAtlas");
    Pictures.take("installation details");
    Hand.click(Eye.button("Close"));
    Hand.click(Eye.button("Close"));
  }
}
