using System.Text;
using System.Text.RegularExpressions;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// The weights and inputs of the recorded runs: a closed form of each tensor's name (the golden notes, section 1).
/// </summary>
internal static class GoldenFill
{
    private static readonly (Regex Pattern, double Value)[] Gains =
    [
        .. Table(
            (@"^backbone\.layer\d+\.\d+\.conv3\.weight$", 0.25),
            (@"^backbone\.(stem\.1|inters|hourglass_modules)\..*conv2\.weight$", 0.25),
            (@"\.conv_res_block\d+\.res\d+\.conv2\.conv\.weight$", 0.25),
            (@"^backbone\..*\.features\.\d+\.features\.1\.layers\.0\.weight$", 0.25),
            (@"\.blocks_conv\.\d+\.block\.1\.layers\.0\.weight$", 0.25),
            (@"\.m\.\d+\.cv2\.conv\.weight$", 0.25),
            (@"refine\.conv_out\.conv\.weight$", 0.25),
            (@"(lateral_convs|fpn_convs)\.\d+\.conv\.weight$", 0.35),
            (@"(retina_cls|atss_cls|gfl_cls|vfnet_cls|conv_cls|reppoints_cls_out|reppoints_sem_out)\.weight$", 0.6),
            (@"rpn_cls\.weight$", 0.5),
            (@"(retina_bbox_cls|fc_reg_cls)\.weight$", 1.0),
            (@"_heat\.\d+\.1\.conv\.weight$", 0.01),
            (@"hem_(tl|br)_score_out\.weight$", 0.5),
            (@"fc_cls\.weight$", 0.5),
            (@"(conv_centerness|atss_centerness|conv_loc)\.weight$", 0.5),
            (@"(retina_reg|retina_bbox_reg|atss_reg|conv_reg|vfnet_reg|vfnet_reg_refine|rpn_reg|fc_reg|fc_reg_offset"
                + @"|conv_shape|conv_offset|pts_init_out|pts_refine_out|offset_out)\.weight$", 0.2),
            (@"gfl_reg\.weight$", 1.0),
            (@"^bbox_head\.(convs_pred\.\d+|layers\.\d+\.\d+_conv|layers\.\d+\.\d+_head\.feature\.1|head\.\d+)"
                + @"\.weight$", 0.08),
            (@"_emb\.\d+\.1\.conv\.weight$", 0.003),
            (@"_off\.\d+\.1\.conv\.weight$", 0.02),
            (@"^bbox_head\.reg_convs\.\d+\.weight$", 0.2),
            (@"_guiding_shift\.\d+\.1\.conv\.weight$", 0.015),
            (@"_centripetal_shift\.\d+\.1\.conv\.weight$", 0.0015)),
    ];

    private static readonly (Regex Pattern, double Value)[] BiasCentres =
    [
        .. Table(
            (@"(retina_cls|atss_cls|gfl_cls|vfnet_cls|conv_cls|reppoints_cls_out|reppoints_sem_out)\.bias$", -4.0),
            (@"_heat\.\d+\.1\.conv\.bias$", -3.0),
            (@"hem_(tl|br)_score_out\.bias$", -3.0),
            (@"vfnet_reg\.bias$", -1.2),
            (@"bbox_head\.conv_reg\.bias$", 2.5),
            (@"_guiding_shift\.\d+\.1\.conv\.bias$", 0.6),
            (@"_centripetal_shift\.\d+\.1\.conv\.bias$", 2.0)),
    ];

    /// <summary>The values of a key of the state dictionary, row-major.</summary>
    /// <returns>The values, or null where the rule leaves the tensor as it was constructed (other buffers).</returns>
    internal static float[]? Values(string key, ReadOnlySpan<long> shape, bool isParameter)
    {
        var count = Product(shape);
        if (key.EndsWith("num_batches_tracked", StringComparison.Ordinal))
        {
            return new float[count];
        }

        if (key.EndsWith("running_var", StringComparison.Ordinal))
        {
            return Array.ConvertAll(Uniform(key, count), u => 0.75f + (0.5f * u));
        }

        if (key.EndsWith("running_mean", StringComparison.Ordinal))
        {
            return Array.ConvertAll(Uniform(key, count), u => 0.1f * ((2f * u) - 1f));
        }

        return isParameter ? Parameter(key, shape, count) : null;
    }

    /// <summary>An input image: 4 u - 2.</summary>
    /// <param name="key"><c>input</c> or <c>input.holdout</c>: the file's metadata <c>input_key</c>.</param>
    /// <param name="shape">The shape of the tensor: the file's metadata <c>input_shape</c>.</param>
    internal static float[] Input(string key, params ReadOnlySpan<long> shape) =>
        Array.ConvertAll(Uniform(key, Product(shape)), u => (4f * u) - 2f);

    /// <summary>The first numbers of a key, in [0, 1), multiples of 2^-24.</summary>
    internal static float[] Uniform(string key, long count)
    {
        const ulong golden = 0x9E3779B97F4A7C15;
        var values = new float[count];
        var state = Hash(key);
        for (var i = 0; i < values.Length; i++)
        {
            state = unchecked(state + golden);
            var z = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            z ^= z >> 31;
            values[i] = (z >> 40) * (1f / (1 << 24));
        }

        return values;
    }

    /// <summary>FNV-1a, 64 bits, of the key's UTF-8.</summary>
    internal static ulong Hash(string key)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var value in Encoding.UTF8.GetBytes(key))
        {
            hash = unchecked((hash ^ value) * 0x100000001b3);
        }

        return hash;
    }

    /// <summary>The factor on the weights of a layer.</summary>
    internal static double Gain(string key) => Find(Gains, key, otherwise: 1.0);

    /// <summary>The middle of the values of a bias.</summary>
    internal static double BiasCentre(string key) => Find(BiasCentres, key, otherwise: 0.0);

    private static float[] Parameter(string key, ReadOnlySpan<long> shape, long count)
    {
        var v = Array.ConvertAll(Uniform(key, count), u => (2f * u) - 1f);
        if (shape.Length >= 2)
        {
            var bound = (float)(Math.Sqrt(6.0 / Product(shape[1..])) * Gain(key));
            return Array.ConvertAll(v, value => bound * value);
        }

        if (key.EndsWith(".bias", StringComparison.Ordinal))
        {
            var centre = (float)BiasCentre(key);
            return Array.ConvertAll(v, value => centre + (0.05f * value));
        }

        return IsScale(key, shape.Length)
            ? Array.ConvertAll(v, value => 1f + (0.1f * value))
            : Array.ConvertAll(v, value => 0.1f * value);
    }

    private static bool IsScale(string key, int rank) =>
        rank == 0
        || key.EndsWith(".weight", StringComparison.Ordinal)
        || key.EndsWith("scale", StringComparison.Ordinal);

    private static long Product(ReadOnlySpan<long> shape)
    {
        var product = 1L;
        foreach (var size in shape)
        {
            product *= size;
        }

        return product;
    }

    private static double Find((Regex Pattern, double Value)[] table, string key, double otherwise)
    {
        foreach (var (pattern, value) in table)
        {
            if (pattern.IsMatch(key))
            {
                return value;
            }
        }

        return otherwise;
    }

    private static IEnumerable<(Regex Pattern, double Value)> Table(params (string Pattern, double Value)[] entries) =>
        entries.Select(entry => (new Regex(entry.Pattern, RegexOptions.CultureInvariant), entry.Value));
}
