package org.heapatlas;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "org.heapatlas", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] FEATURES = {
    "org.heapatlas.memory..",
    "org.heapatlas.locks..",
    "org.heapatlas.cluster..",
    "org.heapatlas.anomaly..",
    "org.heapatlas.corruption..",
    "org.heapatlas.profile..",
    "org.heapatlas.resources..",
    "org.heapatlas.query.."
  };

  @ArchTest
  static final ArchRule THE_MODEL_KNOWS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("org.heapatlas.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.heapatlas.collector..",
              "org.heapatlas.session..",
              "org.heapatlas.memory..",
              "org.heapatlas.view..",
              "org.heapatlas.dap..",
              "org.heapatlas.gateway..",
              "org.heapatlas.cli..",
              "org.heapatlas.proto..");

  @ArchTest
  static final ArchRule A_FEATURE_KNOWS_MODEL_SESSION_AND_VIEW =
      noClasses()
          .that()
          .resideInAnyPackage(FEATURES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.heapatlas.collector..",
              "org.heapatlas.dap..",
              "org.heapatlas.gateway..",
              "org.heapatlas.cli..",
              "org.heapatlas.proto..");

  @ArchTest
  static final ArchRule NOBODY_NAMES_A_FEATURE =
      noClasses()
          .that()
          .resideOutsideOfPackages(FEATURES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(FEATURES);

  @ArchTest
  static final ArchRule THE_RECORDING_ROOM_KNOWS_MODEL_AND_SESSION =
      noClasses()
          .that()
          .resideInAPackage("org.heapatlas.recording..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.heapatlas.collector..", "org.heapatlas.view..", "org.heapatlas.memory..");

  @ArchTest
  static final ArchRule ONLY_THE_RECORDING_ROOM_KNOWS_THE_DATABASE =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.heapatlas.recording..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.duckdb..", "java.sql..");

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_ENDS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.heapatlas.dap..",
              "org.heapatlas.gateway..",
              "org.heapatlas.cli..",
              "org.heapatlas")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.heapatlas.dap..", "org.heapatlas.gateway..", "org.heapatlas.cli..");

  @ArchTest
  static final ArchRule THE_ENDS_DO_NOT_KNOW_EACH_OTHER =
      noClasses()
          .that()
          .resideInAPackage("org.heapatlas.dap..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.heapatlas.gateway..", "org.heapatlas.collector..");

  @ArchTest
  static final ArchRule THE_GATEWAY_DOES_NOT_KNOW_THE_ADAPTER =
      noClasses()
          .that()
          .resideInAPackage("org.heapatlas.gateway..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.heapatlas.dap..", "org.heapatlas.collector..");

  @ArchTest
  static final ArchRule ONLY_THE_COLLECTOR_PACKAGE_SPEAKS_ITS_PROTOCOL =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.heapatlas.collector..", "org.heapatlas.proto..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.heapatlas.proto..", "io.grpc..");
}
