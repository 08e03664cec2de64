package org.heapatlas.eclipse.ui.launch;

import java.util.Optional;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.jface.layout.GridDataFactory;
import org.eclipse.swt.SWT;
import org.eclipse.swt.events.SelectionListener;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.heapatlas.eclipse.launch.LaunchAttributes;
import org.heapatlas.eclipse.launch.LaunchKind;

/** A tab of one of the three kinds of launch, which its first button chooses. */
abstract class KindTab extends HeapAtlasTab {
  private final LaunchKind kind;
  private final String words;
  private Composite page;
  private Button chosen;

  KindTab(String name, String image, LaunchKind kind, String words) {
    super(name, image);
    this.kind = kind;
    this.words = words;
  }

  abstract void fillKind(Fields into);

  abstract Optional<String> problemOfKind(ILaunchConfiguration configuration) throws CoreException;

  @Override
  final void fill(Composite parent, Fields into) {
    page = parent;
    chosen = new Button(parent, SWT.RADIO);
    chosen.setText(words);
    GridDataFactory.swtDefaults().span(3, 1).applyTo(chosen);
    chosen.addSelectionListener(
        SelectionListener.widgetSelectedAdapter(
            event -> {
              enableFields();
              updateLaunchConfigurationDialog();
            }));
    fillKind(into);
  }

  private void enableFields() {
    for (Control control : page.getChildren()) {
      if (control != chosen) {
        control.setEnabled(chosen.getSelection());
      }
    }
  }

  @Override
  final Optional<String> problem(ILaunchConfiguration configuration) throws CoreException {
    return LaunchKind.of(configuration) == kind ? problemOfKind(configuration) : Optional.empty();
  }

  @Override
  public void initializeFrom(ILaunchConfiguration configuration) {
    super.initializeFrom(configuration);
    choose(configuration);
  }

  private void choose(ILaunchConfiguration configuration) {
    try {
      chosen.setSelection(LaunchKind.of(configuration) == kind);
    } catch (CoreException e) {
      ILog.of(KindTab.class).log(e.getStatus());
    }
    enableFields();
  }

  /** Another tab may have chosen its own kind meanwhile. */
  @Override
  public void activated(ILaunchConfigurationWorkingCopy configuration) {
    choose(configuration);
  }

  @Override
  public void deactivated(ILaunchConfigurationWorkingCopy configuration) {
    // Each change was applied when it was made.
  }

  @Override
  public void performApply(ILaunchConfigurationWorkingCopy configuration) {
    super.performApply(configuration);
    boolean shown = page.isVisible();
    if (shown && chosen.getSelection()) {
      configuration.setAttribute(LaunchAttributes.KIND, kind.name());
    }
  }
}
