package org.heapatlas.eclipse.ui.debug;

import org.eclipse.core.runtime.PlatformObject;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.ui.IPersistableElement;
import org.eclipse.ui.IStorageEditorInput;
import org.heapatlas.eclipse.dap.DapSourceText;

/** An editor's input of a source that only the adapter has; equal where the source is. */
final class StorageInput extends PlatformObject implements IStorageEditorInput {
  private final DapSourceText source;

  StorageInput(DapSourceText source) {
    this.source = source;
  }

  @Override
  public DapSourceText getStorage() {
    return source;
  }

  @Override
  public boolean exists() {
    return true;
  }

  @Override
  public ImageDescriptor getImageDescriptor() {
    return null;
  }

  @Override
  public String getName() {
    return source.getName();
  }

  @Override
  public IPersistableElement getPersistable() {
    return null;
  }

  @Override
  public String getToolTipText() {
    return source.getFullPath() == null ? getName() : source.getFullPath().toOSString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StorageInput input && input.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }
}
