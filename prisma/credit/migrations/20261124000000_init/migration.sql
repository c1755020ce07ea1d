-- CreateEnum
CREATE TYPE "credit"."CreditGrade" AS ENUM ('A', 'B', 'C', 'D');

-- CreateEnum
CREATE TYPE "credit"."PenaltyProcedure" AS ENUM ('SIMPLE', 'ORDINARY');

-- CreateEnum
CREATE TYPE "credit"."MeasureKind" AS ENUM ('INCENTIVE', 'RESTRICTION');

-- CreateEnum
CREATE TYPE "credit"."RepairState" AS ENUM ('APPLIED', 'GRANTED', 'REFUSED');

-- CreateTable
CREATE TABLE "credit"."CreditSummary" (
    "subjectKey" VARCHAR(36) NOT NULL,
    "subjectIsEntity" BOOLEAN NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "grade" "credit"."CreditGrade",
    "gradedOn" DATE,
    "seriousDishonest" BOOLEAN NOT NULL,
    "listed" VARCHAR(50)[],
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "CreditSummary_pkey" PRIMARY KEY ("subjectKey")
);

-- CreateTable
CREATE TABLE "credit"."PermitDecision" (
    "id" INTEGER NOT NULL,
    "subjectKey" VARCHAR(36) NOT NULL,
    "subjectIsEntity" BOOLEAN NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "documentName" VARCHAR(200) NOT NULL,
    "documentNo" VARCHAR(60) NOT NULL,
    "category" VARCHAR(20) NOT NULL,
    "licenseName" VARCHAR(100),
    "licenseNo" VARCHAR(60),
    "content" TEXT NOT NULL,
    "decidedOn" DATE NOT NULL,
    "validFrom" DATE,
    "validTo" DATE,
    "authority" VARCHAR(100) NOT NULL,
    "authorityUscc" CHAR(18) NOT NULL,
    "recordedOn" DATE NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "publishUntil" DATE,
    "repaired" BOOLEAN NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "PermitDecision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit"."Penalty" (
    "id" INTEGER NOT NULL,
    "subjectKey" VARCHAR(36) NOT NULL,
    "subjectIsEntity" BOOLEAN NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "documentNo" VARCHAR(60) NOT NULL,
    "violation" VARCHAR(100) NOT NULL,
    "facts" TEXT NOT NULL,
    "basis" VARCHAR(200) NOT NULL,
    "categories" CHAR(2)[],
    "content" TEXT NOT NULL,
    "fine" DECIMAL(14,2),
    "confiscated" DECIMAL(14,2),
    "revokedLicense" VARCHAR(60),
    "decidedOn" DATE NOT NULL,
    "validTo" DATE,
    "authority" VARCHAR(100) NOT NULL,
    "authorityUscc" CHAR(18) NOT NULL,
    "procedure" "credit"."PenaltyProcedure" NOT NULL,
    "recordedOn" DATE NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "publishUntil" DATE,
    "repaired" BOOLEAN NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "Penalty_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit"."DishonestRecord" (
    "id" INTEGER NOT NULL,
    "subjectKey" VARCHAR(36) NOT NULL,
    "subjectIsEntity" BOOLEAN NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "subjectName" VARCHAR(200) NOT NULL,
    "maskedIdentifier" VARCHAR(30) NOT NULL,
    "court" VARCHAR(100) NOT NULL,
    "caseNo" VARCHAR(60) NOT NULL,
    "filedOn" DATE NOT NULL,
    "publishedOn" DATE NOT NULL,
    "basisNo" VARCHAR(60) NOT NULL,
    "performance" VARCHAR(50) NOT NULL,
    "behaviour" VARCHAR(200) NOT NULL,
    "recordedOn" DATE NOT NULL,
    "source" VARCHAR(100) NOT NULL,
    "publishUntil" DATE,
    "repaired" BOOLEAN NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "DishonestRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit"."JointMeasure" (
    "subjectKey" VARCHAR(36) NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "kind" "credit"."MeasureKind" NOT NULL,
    "content" VARCHAR(200) NOT NULL,
    "basis" VARCHAR(200) NOT NULL,

    CONSTRAINT "JointMeasure_pkey" PRIMARY KEY ("subjectKey","ordinal")
);

-- CreateTable
CREATE TABLE "credit"."CreditRepair" (
    "no" VARCHAR(30) NOT NULL,
    "subjectKey" VARCHAR(36) NOT NULL,
    "penaltyId" INTEGER NOT NULL,
    "state" "credit"."RepairState" NOT NULL,
    "appliedOn" DATE NOT NULL,
    "decidedOn" DATE,

    CONSTRAINT "CreditRepair_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "credit"."CreditPromise" (
    "no" VARCHAR(30) NOT NULL,
    "subjectKey" VARCHAR(36) NOT NULL,
    "subject" VARCHAR(200) NOT NULL,
    "promisedOn" DATE NOT NULL,
    "kept" BOOLEAN,

    CONSTRAINT "CreditPromise_pkey" PRIMARY KEY ("no")
);

-- CreateIndex
CREATE INDEX "PermitDecision_subjectKey_decidedOn_idx" ON "credit"."PermitDecision"("subjectKey", "decidedOn");

-- CreateIndex
CREATE INDEX "Penalty_subjectKey_decidedOn_idx" ON "credit"."Penalty"("subjectKey", "decidedOn");

-- CreateIndex
CREATE INDEX "DishonestRecord_subjectKey_publishedOn_idx" ON "credit"."DishonestRecord"("subjectKey", "publishedOn");

-- CreateIndex
CREATE INDEX "DishonestRecord_publishedOn_id_idx" ON "credit"."DishonestRecord"("publishedOn", "id");

-- CreateIndex
CREATE INDEX "CreditRepair_subjectKey_idx" ON "credit"."CreditRepair"("subjectKey");

-- CreateIndex
CREATE INDEX "CreditPromise_subjectKey_idx" ON "credit"."CreditPromise"("subjectKey");
