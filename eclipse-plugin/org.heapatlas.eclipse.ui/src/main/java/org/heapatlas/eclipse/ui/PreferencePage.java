package org.heapatlas.eclipse.ui;

import org.eclipse.core.runtime.preferences.InstanceScope;
import org.eclipse.jface.preference.DirectoryFieldEditor;
import org.eclipse.jface.preference.FieldEditorPreferencePage;
import org.eclipse.ui.IWorkbench;
import org.eclipse.ui.IWorkbenchPreferencePage;
import org.eclipse.ui.preferences.ScopedPreferenceStore;
import org.heapatlas.eclipse.launch.JavaSearch;
import org.heapatlas.eclipse.launch.LaunchAttributes;

/** The preferences of HeapAtlas. */
public final class PreferencePage extends FieldEditorPreferencePage
    implements IWorkbenchPreferencePage {
  /** Made by the workbench when it shows the page. */
  public PreferencePage() {
    super(GRID);
    setPreferenceStore(new ScopedPreferenceStore(InstanceScope.INSTANCE, LaunchAttributes.BUNDLE));
    setDescription(
        "HeapAtlas runs its server on Java %d or newer. Where none is named here, it takes JAVA_HOME, the workbench's own Java, or the first on the PATH that is new enough."
            .formatted(JavaSearch.LEAST));
  }

  @Override
  protected void createFieldEditors() {
    addField(
        new DirectoryFieldEditor(
            LaunchAttributes.JAVA_HOME, "&Java folder:", getFieldEditorParent()));
  }

  @Override
  public void init(IWorkbench workbench) {
    // Nothing of the workbench is needed.
  }
}
