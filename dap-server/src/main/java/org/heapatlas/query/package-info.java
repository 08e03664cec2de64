/** A feature: a session asked in SQL, and its answer as a table. */
package org.heapatlas.query;
