-- AlterTable
ALTER TABLE "legal_entity"."AnnualReport" ALTER COLUMN "assets" SET DATA TYPE DECIMAL(24,6),
ALTER COLUMN "revenue" SET DATA TYPE DECIMAL(24,6),
ALTER COLUMN "taxPaid" SET DATA TYPE DECIMAL(24,6);

-- AlterTable
ALTER TABLE "legal_entity"."LegalEntity" ALTER COLUMN "registeredCapital" SET DATA TYPE DECIMAL(24,6);

-- AlterTable
ALTER TABLE "legal_entity"."Shareholder" ALTER COLUMN "subscribed" SET DATA TYPE DECIMAL(24,6),
ALTER COLUMN "paid" SET DATA TYPE DECIMAL(24,6);
