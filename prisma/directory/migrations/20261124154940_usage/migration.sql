-- CreateTable
CREATE TABLE "directory"."ItemUse" (
    "item" VARCHAR(100) NOT NULL,
    "day" DATE NOT NULL,
    "caller" VARCHAR(40) NOT NULL,
    "outcome" VARCHAR(40) NOT NULL,
    "calls" BIGINT NOT NULL,

    CONSTRAINT "ItemUse_pkey" PRIMARY KEY ("item","day","caller","outcome")
);

-- CreateTable
CREATE TABLE "directory"."CoverageSnapshot" (
    "providerUscc" CHAR(18) NOT NULL,
    "day" DATE NOT NULL,
    "score" DECIMAL(4,1) NOT NULL,
    "resourcesRequired" INTEGER NOT NULL,
    "resourcesConnected" INTEGER NOT NULL,
    "resourcesComplete" INTEGER NOT NULL,
    "itemsRequired" INTEGER NOT NULL,
    "itemsConnected" INTEGER NOT NULL,
    "itemsUsed" INTEGER NOT NULL,

    CONSTRAINT "CoverageSnapshot_pkey" PRIMARY KEY ("providerUscc","day")
);

-- CreateIndex
CREATE INDEX "ItemUse_day_idx" ON "directory"."ItemUse"("day");
