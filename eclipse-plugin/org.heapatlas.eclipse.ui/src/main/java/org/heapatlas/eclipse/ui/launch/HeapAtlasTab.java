package org.heapatlas.eclipse.ui.launch;

import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.ui.AbstractLaunchConfigurationTab;
import org.eclipse.swt.SWT;
import org.eclipse.swt.graphics.Image;
import org.eclipse.swt.widgets.Composite;
import org.heapatlas.eclipse.ui.Images;

/** A tab of bound fields, with what is wrong with them as its message. */
abstract class HeapAtlasTab extends AbstractLaunchConfigurationTab {
  private final String name;
  private final String image;
  private Fields fields;

  HeapAtlasTab(String name, String image) {
    this.name = name;
    this.image = image;
  }

  /** Adds the fields, top down. */
  abstract void fill(Composite page, Fields into);

  /** The first problem of what the fields say. */
  abstract Optional<String> problem(ILaunchConfiguration configuration) throws CoreException;

  @Override
  public void createControl(Composite parent) {
    Composite page = new Composite(parent, SWT.NONE);
    setControl(page);
    fields = new Fields(page, this::updateLaunchConfigurationDialog);
    fill(page, fields);
  }

  @Override
  public void setDefaults(ILaunchConfigurationWorkingCopy configuration) {
    // A missing attribute is its default.
  }

  @Override
  public void initializeFrom(ILaunchConfiguration configuration) {
    try {
      fields.show(configuration);
    } catch (CoreException e) {
      ILog.of(HeapAtlasTab.class).log(e.getStatus());
      setErrorMessage(e.getMessage());
    }
  }

  @Override
  public void performApply(ILaunchConfigurationWorkingCopy configuration) {
    fields.store(configuration);
  }

  @Override
  public boolean isValid(ILaunchConfiguration configuration) {
    Optional<String> problem;
    try {
      problem = problem(configuration);
    } catch (CoreException e) {
      problem = Optional.of(e.getMessage());
    }
    setErrorMessage(problem.orElse(null));
    return problem.isEmpty();
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public Image getImage() {
    return Images.get(image);
  }
}
