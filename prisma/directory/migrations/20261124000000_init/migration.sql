-- CreateEnum
CREATE TYPE "directory"."Origin" AS ENUM ('HUB', 'INVENTORY');

-- CreateEnum
CREATE TYPE "directory"."ResourceState" AS ENUM ('PUBLISHED', 'WITHDRAWN');

-- CreateTable
CREATE TABLE "directory"."Provider" (
    "uscc" CHAR(18) NOT NULL,
    "name" VARCHAR(100) NOT NULL,
    "division" VARCHAR(12) NOT NULL,

    CONSTRAINT "Provider_pkey" PRIMARY KEY ("uscc")
);

-- CreateTable
CREATE TABLE "directory"."Resource" (
    "id" BIGSERIAL NOT NULL,
    "code" VARCHAR(40) NOT NULL,
    "origin" "directory"."Origin" NOT NULL,
    "shown" BOOLEAN NOT NULL,
    "state" "directory"."ResourceState" NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "category" VARCHAR(300) NOT NULL,
    "providerUscc" CHAR(18) NOT NULL,
    "providerOffice" VARCHAR(100),
    "abstract" TEXT NOT NULL,
    "formats" VARCHAR(20)[],
    "shareType" VARCHAR(20) NOT NULL,
    "shareCondition" TEXT,
    "shareModes" VARCHAR(20)[],
    "openness" VARCHAR(20) NOT NULL,
    "openCondition" TEXT,
    "updateCycle" VARCHAR(20) NOT NULL,
    "publishedOn" DATE NOT NULL,
    "related" VARCHAR(40)[],
    "keywords" VARCHAR(100)[],
    "division" VARCHAR(12) NOT NULL,
    "level" SMALLINT NOT NULL,
    "library" VARCHAR(40),
    "typeName" VARCHAR(100),
    "major" INTEGER NOT NULL,
    "minor" INTEGER NOT NULL,
    "digest" CHAR(64) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "nameTokens" tsvector NOT NULL,
    "allTokens" tsvector NOT NULL,

    CONSTRAINT "Resource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."Item" (
    "code" VARCHAR(100) NOT NULL,
    "resourceId" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "dataType" VARCHAR(1) NOT NULL,
    "length" INTEGER,
    "standard" VARCHAR(200),
    "shareType" VARCHAR(20) NOT NULL,
    "basis" TEXT,
    "noShareReason" VARCHAR(20),
    "openToPublic" BOOLEAN NOT NULL,
    "level" SMALLINT NOT NULL,
    "mask" VARCHAR(20),
    "verifyOnly" BOOLEAN NOT NULL,
    "aggregate" BOOLEAN NOT NULL,
    "source" VARCHAR(100),
    "graphqlPath" TEXT,
    "fields" JSONB NOT NULL,
    "laxer" JSONB NOT NULL,

    CONSTRAINT "Item_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "directory"."Version" (
    "resourceId" BIGINT NOT NULL,
    "major" INTEGER NOT NULL,
    "minor" INTEGER NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL,
    "changes" JSONB NOT NULL,

    CONSTRAINT "Version_pkey" PRIMARY KEY ("resourceId","major","minor")
);

-- CreateIndex
CREATE INDEX "Resource_providerUscc_idx" ON "directory"."Resource"("providerUscc");

-- CreateIndex
CREATE INDEX "Resource_nameTokens_idx" ON "directory"."Resource" USING GIN ("nameTokens");

-- CreateIndex
CREATE INDEX "Resource_allTokens_idx" ON "directory"."Resource" USING GIN ("allTokens");

-- CreateIndex
CREATE UNIQUE INDEX "Resource_code_origin_key" ON "directory"."Resource"("code", "origin");

-- CreateIndex
CREATE INDEX "Item_resourceId_place_idx" ON "directory"."Item"("resourceId", "place");

-- AddForeignKey
ALTER TABLE "directory"."Resource" ADD CONSTRAINT "Resource_providerUscc_fkey" FOREIGN KEY ("providerUscc") REFERENCES "directory"."Provider"("uscc") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."Item" ADD CONSTRAINT "Item_resourceId_fkey" FOREIGN KEY ("resourceId") REFERENCES "directory"."Resource"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory"."Version" ADD CONSTRAINT "Version_resourceId_fkey" FOREIGN KEY ("resourceId") REFERENCES "directory"."Resource"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is on the hub is answered by a library.
ALTER TABLE "directory"."Resource" ADD CONSTRAINT "Resource_hub_knows_its_library" CHECK (("origin" = 'HUB') = ("library" IS NOT NULL));
-- Of the entries of one code one is shown.
CREATE UNIQUE INDEX "Resource_shown_key" ON "directory"."Resource"("code") WHERE "shown";
