package org.heapatlas.eclipse.ui;

import java.net.URL;
import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.IPath;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.jface.resource.ImageRegistry;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.graphics.Image;
import org.osgi.framework.FrameworkUtil;

/** The bundle's icons by name, kept as long as the display. */
public final class Images {
  private static final String PREFIX = "org.heapatlas.eclipse.ui/";

  private Images() {}

  public static Image get(String name) {
    ImageRegistry registry = JFaceResources.getImageRegistry();
    String key = PREFIX + name;
    if (registry.getDescriptor(key) == null) {
      registry.put(key, descriptor(name));
    }
    return registry.get(key);
  }

  public static ImageDescriptor descriptor(String name) {
    URL file =
        FileLocator.find(
            FrameworkUtil.getBundle(Images.class),
            IPath.fromPortableString("icons/" + name + ".svg"));
    return file == null
        ? ImageDescriptor.getMissingImageDescriptor()
        : ImageDescriptor.createFromURL(file);
  }
}
