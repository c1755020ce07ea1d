-- CreateTable
CREATE TABLE "directory"."LibraryHoldings" (
    "library" VARCHAR(40) NOT NULL,
    "measuredAt" TIMESTAMPTZ(3) NOT NULL,
    "holdings" JSONB NOT NULL,

    CONSTRAINT "LibraryHoldings_pkey" PRIMARY KEY ("library")
);

-- CreateTable
CREATE TABLE "directory"."ResourceCoverage" (
    "code" VARCHAR(40) NOT NULL,
    "basis" VARCHAR(64) NOT NULL,
    "auditedAt" TIMESTAMPTZ(3) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "providerUscc" CHAR(18) NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "library" VARCHAR(40),
    "shareType" VARCHAR(20) NOT NULL,
    "openness" VARCHAR(20) NOT NULL,
    "updateCycle" VARCHAR(20) NOT NULL,
    "promised" BOOLEAN NOT NULL,
    "connected" BOOLEAN NOT NULL,
    "missing" VARCHAR(40)[],
    "rows" BIGINT,
    "newestAt" TIMESTAMPTZ(3),
    "oldestAt" TIMESTAMPTZ(3),
    "overdue" BIGINT,
    "fresh" BOOLEAN,
    "used" BOOLEAN NOT NULL,
    "itemsRequired" INTEGER NOT NULL,
    "itemsPromised" INTEGER NOT NULL,
    "itemsConnected" INTEGER NOT NULL,
    "itemsPopulated" INTEGER NOT NULL,
    "itemsPermitted" INTEGER NOT NULL,
    "itemsUsed" INTEGER NOT NULL,
    "itemsRefused" INTEGER NOT NULL,
    "itemsNeverAsked" INTEGER NOT NULL,
    "itemsUnconditional" INTEGER NOT NULL,
    "itemsConditional" INTEGER NOT NULL,
    "itemsNotShared" INTEGER NOT NULL,
    "itemsOpen" INTEGER NOT NULL,
    "checks" REAL[],

    CONSTRAINT "ResourceCoverage_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "directory"."ItemCoverage" (
    "code" VARCHAR(100) NOT NULL,
    "resourceCode" VARCHAR(40) NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "providerUscc" CHAR(18) NOT NULL,
    "division" VARCHAR(12) NOT NULL,
    "library" VARCHAR(40),
    "promised" BOOLEAN NOT NULL,
    "connected" BOOLEAN NOT NULL,
    "populated" BIGINT,
    "permitted" BOOLEAN NOT NULL,
    "used" BIGINT NOT NULL,
    "refused" BIGINT NOT NULL,
    "asked" BIGINT NOT NULL,

    CONSTRAINT "ItemCoverage_pkey" PRIMARY KEY ("code")
);

-- CreateTable
CREATE TABLE "directory"."CoverageSnapshot" (
    "scope" VARCHAR(60) NOT NULL,
    "day" DATE NOT NULL,
    "score" DECIMAL(4,1),
    "figures" JSONB NOT NULL,

    CONSTRAINT "CoverageSnapshot_pkey" PRIMARY KEY ("scope","day")
);

-- CreateIndex
CREATE INDEX "ResourceCoverage_providerUscc_code_idx" ON "directory"."ResourceCoverage"("providerUscc", "code");

-- CreateIndex
CREATE INDEX "ItemCoverage_resourceCode_idx" ON "directory"."ItemCoverage"("resourceCode");
