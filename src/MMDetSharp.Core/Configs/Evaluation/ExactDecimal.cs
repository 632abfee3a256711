using System.Numerics;

namespace MMDetSharp.Core.Configs.Evaluation;

/// <summary>Floats as decimals of a given length, rounded exactly (ties to even), as Python prints them.</summary>
internal static class ExactDecimal
{
    /// <summary>As <c>'%.{decimals}f'</c>.</summary>
    internal static string Fixed(double number, int decimals)
    {
        var digits = Scaled(Math.Abs(number), decimals).ToString().PadLeft(decimals + 1, '0');
        var whole = digits[..^decimals];
        var sign = double.IsNegative(number) ? "-" : "";
        return decimals == 0 ? sign + whole : $"{sign}{whole}.{digits[^decimals..]}";
    }

    /// <summary>The first significant digits of a positive number, and its decimal exponent.</summary>
    internal static (string Digits, int Exponent) Significant(double number, int count)
    {
        if (number == 0)
        {
            return (new string('0', count), 0);
        }

        var exponent = (int)Math.Floor(Math.Log10(number));
        while (true)
        {
            var digits = Scaled(number, count - 1 - exponent).ToString();
            if (digits.Length == count)
            {
                return (digits, exponent);
            }

            exponent += digits.Length > count ? 1 : -1;
        }
    }

    /// <summary>number * 10^power, rounded to the nearest integer, ties to even.</summary>
    private static BigInteger Scaled(double number, int power)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var biased = (int)((bits >> 52) & 0x7ff);
        var mantissa = bits & 0xfffffffffffffL;
        var exponent = biased == 0 ? -1074 : biased - 1075;
        var numerator = new BigInteger(biased == 0 ? mantissa : mantissa | (1L << 52));
        var denominator = BigInteger.One;
        Multiply(ref numerator, ref denominator, BigInteger.Pow(2, Math.Abs(exponent)), exponent > 0);
        Multiply(ref numerator, ref denominator, BigInteger.Pow(10, Math.Abs(power)), power > 0);
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    private static void Multiply(ref BigInteger numerator, ref BigInteger denominator, BigInteger factor, bool isUp)
    {
        if (isUp)
        {
            numerator *= factor;
        }
        else
        {
            denominator *= factor;
        }
    }
}
