-- CreateEnum
CREATE TYPE "legal_entity"."EntityKind" AS ENUM ('ENTERPRISE', 'INDIVIDUAL_BUSINESS', 'FARMERS_COOP', 'GOVERNMENT', 'PUBLIC_INSTITUTION', 'SOCIAL_GROUP', 'PRIVATE_NONPROFIT', 'FOUNDATION', 'RURAL_COLLECTIVE', 'OTHER');

-- CreateEnum
CREATE TYPE "legal_entity"."RegistrationState" AS ENUM ('ACTIVE', 'REVOKED_NOT_CANCELLED', 'CANCELLED', 'WITHDRAWN', 'MOVED_OUT', 'SUSPENDED');

-- CreateEnum
CREATE TYPE "legal_entity"."PayrollState" AS ENUM ('PAYING', 'OVERDUE', 'STOPPED');

-- CreateEnum
CREATE TYPE "legal_entity"."ListingKind" AS ENUM ('ABNORMAL_OPERATION', 'SERIOUS_ILLEGAL');

-- CreateTable
CREATE TABLE "legal_entity"."LegalEntity" (
    "uscc" CHAR(18) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "kind" "legal_entity"."EntityKind" NOT NULL,
    "typeCode" CHAR(4),
    "legalRepName" VARCHAR(100),
    "legalRep" UUID,
    "registeredCapital" DECIMAL(18,2),
    "registeredCapitalCurrency" CHAR(3),
    "establishedOn" DATE NOT NULL,
    "termFrom" DATE,
    "termTo" DATE,
    "addressText" VARCHAR(200) NOT NULL,
    "address" UUID,
    "division" CHAR(12) NOT NULL,
    "industry" VARCHAR(5),
    "businessScope" TEXT,
    "authorityName" VARCHAR(100) NOT NULL,
    "state" "legal_entity"."RegistrationState" NOT NULL,
    "approvedOn" DATE NOT NULL,
    "endedOn" DATE,
    "endReason" VARCHAR(100),
    "taxCreditGrade" CHAR(1),
    "taxArrears" BOOLEAN,
    "insuredEmployees" INTEGER,
    "payrollState" "legal_entity"."PayrollState",
    "phone" VARCHAR(20),
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "LegalEntity_pkey" PRIMARY KEY ("uscc")
);

-- CreateTable
CREATE TABLE "legal_entity"."Shareholder" (
    "uscc" CHAR(18) NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "entity" CHAR(18),
    "person" UUID,
    "subscribed" DECIMAL(18,2) NOT NULL,
    "paid" DECIMAL(18,2) NOT NULL,
    "currency" CHAR(3) NOT NULL,

    CONSTRAINT "Shareholder_pkey" PRIMARY KEY ("uscc","ordinal")
);

-- CreateTable
CREATE TABLE "legal_entity"."Officer" (
    "uscc" CHAR(18) NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "position" VARCHAR(50) NOT NULL,
    "person" UUID,

    CONSTRAINT "Officer_pkey" PRIMARY KEY ("uscc","ordinal")
);

-- CreateTable
CREATE TABLE "legal_entity"."RegistrationChange" (
    "uscc" CHAR(18) NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "on" DATE NOT NULL,
    "item" VARCHAR(50) NOT NULL,
    "before" TEXT,
    "after" TEXT,

    CONSTRAINT "RegistrationChange_pkey" PRIMARY KEY ("uscc","ordinal")
);

-- CreateTable
CREATE TABLE "legal_entity"."AnnualReport" (
    "uscc" CHAR(18) NOT NULL,
    "year" SMALLINT NOT NULL,
    "filedOn" DATE NOT NULL,
    "published" BOOLEAN NOT NULL,
    "employees" INTEGER NOT NULL,
    "assets" DECIMAL(18,2) NOT NULL,
    "revenue" DECIMAL(18,2) NOT NULL,
    "taxPaid" DECIMAL(18,2) NOT NULL,

    CONSTRAINT "AnnualReport_pkey" PRIMARY KEY ("uscc","year")
);

-- CreateTable
CREATE TABLE "legal_entity"."Listing" (
    "uscc" CHAR(18) NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "kind" "legal_entity"."ListingKind" NOT NULL,
    "reason" VARCHAR(200) NOT NULL,
    "on" DATE NOT NULL,
    "removedOn" DATE,
    "authority" VARCHAR(100) NOT NULL,

    CONSTRAINT "Listing_pkey" PRIMARY KEY ("uscc","ordinal")
);

-- CreateIndex
CREATE INDEX "LegalEntity_legalRep_idx" ON "legal_entity"."LegalEntity"("legalRep");

-- CreateIndex
CREATE INDEX "LegalEntity_division_uscc_idx" ON "legal_entity"."LegalEntity"("division", "uscc");

-- CreateIndex
CREATE INDEX "LegalEntity_industry_uscc_idx" ON "legal_entity"."LegalEntity"("industry", "uscc");

-- AddForeignKey
ALTER TABLE "legal_entity"."Shareholder" ADD CONSTRAINT "Shareholder_uscc_fkey" FOREIGN KEY ("uscc") REFERENCES "legal_entity"."LegalEntity"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_entity"."Officer" ADD CONSTRAINT "Officer_uscc_fkey" FOREIGN KEY ("uscc") REFERENCES "legal_entity"."LegalEntity"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_entity"."RegistrationChange" ADD CONSTRAINT "RegistrationChange_uscc_fkey" FOREIGN KEY ("uscc") REFERENCES "legal_entity"."LegalEntity"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_entity"."AnnualReport" ADD CONSTRAINT "AnnualReport_uscc_fkey" FOREIGN KEY ("uscc") REFERENCES "legal_entity"."LegalEntity"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "legal_entity"."Listing" ADD CONSTRAINT "Listing_uscc_fkey" FOREIGN KEY ("uscc") REFERENCES "legal_entity"."LegalEntity"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;
