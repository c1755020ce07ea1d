-- CreateEnum
CREATE TYPE "population"."LifeStatus" AS ENUM ('ALIVE', 'DEAD', 'MISSING', 'CANCELLED');

-- CreateEnum
CREATE TYPE "population"."HouseholdKind" AS ENUM ('FAMILY', 'COLLECTIVE');

-- CreateEnum
CREATE TYPE "population"."KinshipKind" AS ENUM ('SPOUSE', 'PARENT', 'CHILD', 'GUARDIAN', 'WARD');

-- CreateEnum
CREATE TYPE "population"."InsuranceKind" AS ENUM ('PENSION', 'MEDICAL', 'UNEMPLOYMENT', 'INJURY', 'MATERNITY');

-- CreateEnum
CREATE TYPE "population"."InsuranceState" AS ENUM ('ACTIVE', 'PAUSED', 'DRAWING', 'ENDED');

-- CreateEnum
CREATE TYPE "population"."AssistanceKind" AS ENUM ('MINIMUM_LIVING', 'EXTREME_HARDSHIP', 'TEMPORARY');

-- CreateTable
CREATE TABLE "population"."Person" (
    "id" UUID NOT NULL,
    "idNumber" CHAR(18) NOT NULL,
    "name" VARCHAR(50) NOT NULL,
    "sex" CHAR(1) NOT NULL,
    "ethnicity" CHAR(2) NOT NULL,
    "birthDate" DATE NOT NULL,
    "minorUntil" DATE NOT NULL,
    "lifeStatus" "population"."LifeStatus" NOT NULL,
    "deathDate" DATE,
    "deathCause" VARCHAR(8),
    "birthDivision" VARCHAR(12) NOT NULL,
    "householdNo" VARCHAR(20),
    "relationToHead" CHAR(2),
    "registeredAddress" UUID,
    "registeredDivision" CHAR(12) NOT NULL,
    "residenceAddress" UUID,
    "idCardValidFrom" DATE,
    "idCardValidTo" DATE,
    "idCardAuthority" VARCHAR(100),
    "education" CHAR(2),
    "occupation" VARCHAR(5),
    "photo" CHAR(64),
    "phone" CHAR(11),
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "population"."Household" (
    "householdNo" VARCHAR(20) NOT NULL,
    "kind" "population"."HouseholdKind" NOT NULL,
    "address" UUID NOT NULL,
    "division" CHAR(12) NOT NULL,

    CONSTRAINT "Household_pkey" PRIMARY KEY ("householdNo")
);

-- CreateTable
CREATE TABLE "population"."Marriage" (
    "personId" UUID NOT NULL,
    "state" CHAR(2) NOT NULL,
    "registeredOn" DATE,
    "authority" VARCHAR(100),
    "certificateNo" VARCHAR(40),
    "spouseId" UUID,

    CONSTRAINT "Marriage_pkey" PRIMARY KEY ("personId")
);

-- CreateTable
CREATE TABLE "population"."Kinship" (
    "personId" UUID NOT NULL,
    "kind" "population"."KinshipKind" NOT NULL,
    "relativeId" UUID NOT NULL,

    CONSTRAINT "Kinship_pkey" PRIMARY KEY ("personId","kind","relativeId")
);

-- CreateTable
CREATE TABLE "population"."Move" (
    "id" INTEGER NOT NULL,
    "personId" UUID NOT NULL,
    "movedOn" DATE NOT NULL,
    "from" VARCHAR(12) NOT NULL,
    "to" VARCHAR(12) NOT NULL,
    "reason" VARCHAR(50) NOT NULL,

    CONSTRAINT "Move_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "population"."Insurance" (
    "personId" UUID NOT NULL,
    "kind" "population"."InsuranceKind" NOT NULL,
    "state" "population"."InsuranceState" NOT NULL,
    "since" DATE NOT NULL,
    "months" INTEGER NOT NULL,
    "division" VARCHAR(12) NOT NULL,

    CONSTRAINT "Insurance_pkey" PRIMARY KEY ("personId","kind")
);

-- CreateTable
CREATE TABLE "population"."Disability" (
    "personId" UUID NOT NULL,
    "certificateNo" VARCHAR(20) NOT NULL,
    "category" CHAR(1) NOT NULL,
    "grade" SMALLINT NOT NULL,
    "validTo" DATE NOT NULL,

    CONSTRAINT "Disability_pkey" PRIMARY KEY ("personId")
);

-- CreateTable
CREATE TABLE "population"."Assistance" (
    "id" INTEGER NOT NULL,
    "personId" UUID NOT NULL,
    "kind" "population"."AssistanceKind" NOT NULL,
    "from" DATE NOT NULL,
    "to" DATE,
    "monthlyAmount" DECIMAL(10,2) NOT NULL,

    CONSTRAINT "Assistance_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Person_idNumber_key" ON "population"."Person"("idNumber");

-- CreateIndex
CREATE INDEX "Person_householdNo_idx" ON "population"."Person"("householdNo");

-- CreateIndex
CREATE INDEX "Person_registeredDivision_idNumber_idx" ON "population"."Person"("registeredDivision", "idNumber");

-- CreateIndex
CREATE INDEX "Person_name_idNumber_idx" ON "population"."Person"("name", "idNumber");

-- CreateIndex
CREATE INDEX "Move_personId_idx" ON "population"."Move"("personId");

-- CreateIndex
CREATE INDEX "Assistance_personId_idx" ON "population"."Assistance"("personId");

-- AddForeignKey
ALTER TABLE "population"."Person" ADD CONSTRAINT "Person_householdNo_fkey" FOREIGN KEY ("householdNo") REFERENCES "population"."Household"("householdNo") ON DELETE RESTRICT ON UPDATE CASCADE;
