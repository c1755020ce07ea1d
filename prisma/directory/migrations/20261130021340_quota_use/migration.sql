-- CreateTable
CREATE TABLE "directory"."QuotaUse" (
    "day" DATE NOT NULL,
    "name" VARCHAR(160) NOT NULL,
    "taken" BIGINT NOT NULL,
    "used" BIGINT NOT NULL,
    "most" BIGINT NOT NULL,

    CONSTRAINT "QuotaUse_pkey" PRIMARY KEY ("day","name")
);
