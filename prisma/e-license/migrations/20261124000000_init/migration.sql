-- CreateEnum
CREATE TYPE "e_license"."HolderKind" AS ENUM ('PERSON', 'LEGAL_ENTITY', 'MIXED');

-- CreateEnum
CREATE TYPE "e_license"."LicenseState" AS ENUM ('VALID', 'SUSPENDED', 'WITHDRAWN', 'CANCELLED', 'EXPIRED', 'TRANSFERRED', 'REVOKED', 'OTHER');

-- CreateTable
CREATE TABLE "e_license"."LicenseType" (
    "code" CHAR(21) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "definedBy" VARCHAR(100) NOT NULL,
    "definedByUscc" CHAR(18) NOT NULL,
    "holderKind" "e_license"."HolderKind" NOT NULL,
    "validityYears" SMALLINT,
    "relatedItems" VARCHAR(100)[],
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "LicenseType_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "e_license"."License" (
    "id" UUID NOT NULL,
    "identifier" VARCHAR(100) NOT NULL,
    "type" CHAR(21) NOT NULL,
    "number" VARCHAR(60) NOT NULL,
    "version" CHAR(3) NOT NULL,
    "holderName" VARCHAR(200) NOT NULL,
    "holderKey" VARCHAR(36) NOT NULL,
    "holderIsEntity" BOOLEAN NOT NULL,
    "holderMinorUntil" DATE,
    "authorityName" VARCHAR(100) NOT NULL,
    "authorityCode" CHAR(18) NOT NULL,
    "issuedOn" DATE NOT NULL,
    "validFrom" DATE,
    "validTo" DATE,
    "state" "e_license"."LicenseState" NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "checkCode" CHAR(20) NOT NULL,
    "face" JSON NOT NULL,
    "fileDigest" CHAR(64),
    "fileSigned" BOOLEAN NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "License_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "e_license"."UseAuthorization" (
    "no" UUID NOT NULL,
    "licenseId" UUID NOT NULL,
    "department" CHAR(18) NOT NULL,
    "purpose" VARCHAR(200) NOT NULL,
    "authorizedAt" TIMESTAMPTZ(0) NOT NULL,
    "until" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "UseAuthorization_pkey" PRIMARY KEY ("no")
);

-- CreateIndex
CREATE INDEX "LicenseType_definedByUscc_idx" ON "e_license"."LicenseType"("definedByUscc");

-- CreateIndex
CREATE UNIQUE INDEX "License_identifier_key" ON "e_license"."License"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "License_checkCode_key" ON "e_license"."License"("checkCode");

-- CreateIndex
CREATE INDEX "License_holderKey_idx" ON "e_license"."License"("holderKey");

-- CreateIndex
CREATE INDEX "UseAuthorization_licenseId_idx" ON "e_license"."UseAuthorization"("licenseId");

-- AddForeignKey
ALTER TABLE "e_license"."License" ADD CONSTRAINT "License_type_fkey" FOREIGN KEY ("type") REFERENCES "e_license"."LicenseType"("code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "e_license"."UseAuthorization" ADD CONSTRAINT "UseAuthorization_licenseId_fkey" FOREIGN KEY ("licenseId") REFERENCES "e_license"."License"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
