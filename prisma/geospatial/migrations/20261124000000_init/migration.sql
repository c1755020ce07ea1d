-- Geometry columns and their indexes. A role that is no superuser needs it made before.
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;

-- CreateEnum
CREATE TYPE "geospatial"."AddressState" AS ENUM ('ACTIVE', 'ABOLISHED');

-- CreateEnum
CREATE TYPE "geospatial"."PoiCategory" AS ENUM ('SERVICE_HALL', 'SCHOOL', 'HOSPITAL', 'POLICE_STATION', 'PARK');

-- CreateEnum
CREATE TYPE "geospatial"."EncumbranceKind" AS ENUM ('MORTGAGE', 'SEIZURE', 'OBJECTION');

-- CreateTable
CREATE TABLE "geospatial"."AdministrativeDivision" (
    "code" VARCHAR(12) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "pinyin" VARCHAR(200),
    "level" SMALLINT NOT NULL,
    "parent" VARCHAR(12),
    "validFrom" DATE,
    "validTo" DATE,
    "replacedBy" VARCHAR(12)[],
    "seat" geometry(Point, 4490),
    "boundary" geometry(MultiPolygon, 4490),
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "AdministrativeDivision_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "geospatial"."StandardAddress" (
    "id" UUID NOT NULL,
    "code" CHAR(25) NOT NULL,
    "fullText" VARCHAR(200) NOT NULL,
    "division" CHAR(12) NOT NULL,
    "street" VARCHAR(50),
    "number" VARCHAR(20) NOT NULL,
    "building" VARCHAR(50),
    "room" VARCHAR(20),
    "location" geometry(Point, 4490) NOT NULL,
    "state" "geospatial"."AddressState" NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "StandardAddress_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "geospatial"."Poi" (
    "code" CHAR(14) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "category" "geospatial"."PoiCategory" NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "addressText" VARCHAR(200) NOT NULL,
    "location" geometry(Point, 4490) NOT NULL,
    "phone" VARCHAR(20),
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "Poi_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "geospatial"."RealEstateUnit" (
    "id" UUID NOT NULL,
    "no" CHAR(28) NOT NULL,
    "address" UUID NOT NULL,
    "division" CHAR(12) NOT NULL,
    "areaSquareMetres" DECIMAL(12,2) NOT NULL,
    "use" VARCHAR(50) NOT NULL,
    "confirmedAt" TIMESTAMPTZ(0) NOT NULL,

    CONSTRAINT "RealEstateUnit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "geospatial"."Ownership" (
    "unitId" UUID NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "share" VARCHAR(20) NOT NULL,
    "certificateNo" VARCHAR(60) NOT NULL,
    "person" UUID,
    "entity" CHAR(18),

    CONSTRAINT "Ownership_pkey" PRIMARY KEY ("unitId","ordinal")
);

-- CreateTable
CREATE TABLE "geospatial"."Encumbrance" (
    "unitId" UUID NOT NULL,
    "ordinal" SMALLINT NOT NULL,
    "kind" "geospatial"."EncumbranceKind" NOT NULL,
    "since" DATE NOT NULL,
    "by" VARCHAR(100) NOT NULL,

    CONSTRAINT "Encumbrance_pkey" PRIMARY KEY ("unitId","ordinal")
);

-- CreateIndex
CREATE INDEX "AdministrativeDivision_parent_code_idx" ON "geospatial"."AdministrativeDivision"("parent", "code");

-- CreateIndex
CREATE INDEX "AdministrativeDivision_name_idx" ON "geospatial"."AdministrativeDivision"("name");

-- CreateIndex
CREATE INDEX "AdministrativeDivision_seat_idx" ON "geospatial"."AdministrativeDivision" USING GIST ("seat");

-- CreateIndex
CREATE INDEX "AdministrativeDivision_boundary_idx" ON "geospatial"."AdministrativeDivision" USING GIST ("boundary");

-- CreateIndex
CREATE UNIQUE INDEX "StandardAddress_code_key" ON "geospatial"."StandardAddress"("code");

-- CreateIndex
CREATE INDEX "StandardAddress_division_street_number_idx" ON "geospatial"."StandardAddress"("division", "street", "number");

-- CreateIndex
CREATE INDEX "StandardAddress_street_idx" ON "geospatial"."StandardAddress"("street");

-- CreateIndex
CREATE INDEX "StandardAddress_location_idx" ON "geospatial"."StandardAddress" USING GIST ("location");

-- CreateIndex
CREATE INDEX "Poi_category_division_code_idx" ON "geospatial"."Poi"("category", "division", "code");

-- CreateIndex
CREATE INDEX "Poi_location_idx" ON "geospatial"."Poi" USING GIST ("location");

-- CreateIndex
CREATE UNIQUE INDEX "RealEstateUnit_no_key" ON "geospatial"."RealEstateUnit"("no");

-- CreateIndex
CREATE INDEX "Ownership_person_idx" ON "geospatial"."Ownership"("person");

-- CreateIndex
CREATE INDEX "Ownership_entity_idx" ON "geospatial"."Ownership"("entity");

-- AddForeignKey
ALTER TABLE "geospatial"."Ownership" ADD CONSTRAINT "Ownership_unitId_fkey" FOREIGN KEY ("unitId") REFERENCES "geospatial"."RealEstateUnit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "geospatial"."Encumbrance" ADD CONSTRAINT "Encumbrance_unitId_fkey" FOREIGN KEY ("unitId") REFERENCES "geospatial"."RealEstateUnit"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
