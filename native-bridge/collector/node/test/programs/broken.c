/* A library whose needs nobody meets. */
extern int nobody_has_this(void);
int heapatlas_attach(const char* folder, unsigned mode, const char* session) {
  (void)folder;
  (void)mode;
  (void)session;
  return nobody_has_this();
}
