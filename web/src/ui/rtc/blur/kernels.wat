;; The sums of the person's outline (network.ts), four numbers at a time. Tensors are rows of channels, one row a pixel; lengths in
;; channels are multiples of four, of eight for the results of `pointwise`, and its pixels come in fours.
(module
  (memory (export "memory") 1)

  ;; out[p][o] = bias[o] + Σ x[p][i] · weights[i][o]: four pixels by eight results stay in registers.
  (func (export "pointwise")
    (param $x i32) (param $weights i32) (param $bias i32) (param $out i32)
    (param $pixels i32) (param $in i32) (param $results i32)
    (local $o i32) (local $i i32) (local $w i32) (local $row i32) (local $step i32) (local $outrow i32)
    (local $x0 i32) (local $x1 i32) (local $x2 i32) (local $x3 i32) (local $to i32)
    (local $wa v128) (local $wb v128) (local $s v128)
    (local $a0 v128) (local $b0 v128) (local $a1 v128) (local $b1 v128)
    (local $a2 v128) (local $b2 v128) (local $a3 v128) (local $b3 v128)
    (local.set $row (i32.shl (local.get $in) (i32.const 2)))
    (local.set $step (i32.shl (local.get $results) (i32.const 2)))
    (loop $each_four
      (local.set $x0 (local.get $x))
      (local.set $x1 (i32.add (local.get $x0) (local.get $row)))
      (local.set $x2 (i32.add (local.get $x1) (local.get $row)))
      (local.set $x3 (i32.add (local.get $x2) (local.get $row)))
      (local.set $o (i32.const 0))
      (loop $each_eight
        (local.tee $wa (v128.load (i32.add (local.get $bias) (local.get $o))))
        (local.tee $a0) (local.tee $a1) (local.tee $a2) (local.set $a3)
        (local.tee $wb (v128.load offset=16 (i32.add (local.get $bias) (local.get $o))))
        (local.tee $b0) (local.tee $b1) (local.tee $b2) (local.set $b3)
        (local.set $w (i32.add (local.get $weights) (local.get $o)))
        (local.set $i (i32.const 0))
        (loop $each_in
          (local.set $wa (v128.load (local.get $w)))
          (local.set $wb (v128.load offset=16 (local.get $w)))
          (local.set $s (v128.load32_splat (i32.add (local.get $x0) (local.get $i))))
          (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $s) (local.get $wa))))
          (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $s) (local.get $wb))))
          (local.set $s (v128.load32_splat (i32.add (local.get $x1) (local.get $i))))
          (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $s) (local.get $wa))))
          (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $s) (local.get $wb))))
          (local.set $s (v128.load32_splat (i32.add (local.get $x2) (local.get $i))))
          (local.set $a2 (f32x4.add (local.get $a2) (f32x4.mul (local.get $s) (local.get $wa))))
          (local.set $b2 (f32x4.add (local.get $b2) (f32x4.mul (local.get $s) (local.get $wb))))
          (local.set $s (v128.load32_splat (i32.add (local.get $x3) (local.get $i))))
          (local.set $a3 (f32x4.add (local.get $a3) (f32x4.mul (local.get $s) (local.get $wa))))
          (local.set $b3 (f32x4.add (local.get $b3) (f32x4.mul (local.get $s) (local.get $wb))))
          (local.set $w (i32.add (local.get $w) (local.get $step)))
          (br_if $each_in (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $row))))
        (local.set $to (i32.add (local.get $out) (local.get $o)))
        (v128.store (local.get $to) (local.get $a0))
        (v128.store offset=16 (local.get $to) (local.get $b0))
        (local.set $to (i32.add (local.get $to) (local.get $step)))
        (v128.store (local.get $to) (local.get $a1))
        (v128.store offset=16 (local.get $to) (local.get $b1))
        (local.set $to (i32.add (local.get $to) (local.get $step)))
        (v128.store (local.get $to) (local.get $a2))
        (v128.store offset=16 (local.get $to) (local.get $b2))
        (local.set $to (i32.add (local.get $to) (local.get $step)))
        (v128.store (local.get $to) (local.get $a3))
        (v128.store offset=16 (local.get $to) (local.get $b3))
        (br_if $each_eight (i32.lt_u (local.tee $o (i32.add (local.get $o) (i32.const 32))) (local.get $step))))
      (local.set $x (i32.add (local.get $x3) (local.get $row)))
      (local.set $out (i32.add (local.get $out) (i32.shl (local.get $step) (i32.const 2))))
      (br_if $each_four (i32.gt_s (local.tee $pixels (i32.sub (local.get $pixels) (i32.const 4))) (i32.const 0)))))

  ;; Each channel by itself under a square of weights[ky][kx][channel]; what lies outside of the picture is nought.
  (func (export "depthwise")
    (param $x i32) (param $weights i32) (param $bias i32) (param $out i32)
    (param $height i32) (param $width i32) (param $channels i32) (param $size i32)
    (param $stride i32) (param $top i32) (param $left i32) (param $rows i32) (param $columns i32)
    (local $r i32) (local $q i32) (local $c i32) (local $ky i32) (local $kx i32) (local $y i32) (local $z i32)
    (local $sum v128) (local $row i32)
    (local.set $row (i32.shl (local.get $channels) (i32.const 2)))
    (local.set $r (i32.const 0))
    (loop $each_row
      (local.set $q (i32.const 0))
      (loop $each_column
        (local.set $c (i32.const 0))
        (loop $each_channel
          (local.set $sum (v128.load (i32.add (local.get $bias) (local.get $c))))
          (local.set $ky (i32.const 0))
          (loop $each_ky
            (local.set $y (i32.add (i32.sub (i32.mul (local.get $r) (local.get $stride)) (local.get $top)) (local.get $ky)))
            (if (i32.lt_u (local.get $y) (local.get $height))
              (then
                (local.set $kx (i32.const 0))
                (loop $each_kx
                  (local.set $z (i32.add (i32.sub (i32.mul (local.get $q) (local.get $stride)) (local.get $left)) (local.get $kx)))
                  (if (i32.lt_u (local.get $z) (local.get $width))
                    (then
                      (local.set $sum (f32x4.add (local.get $sum) (f32x4.mul
                        (v128.load (i32.add (local.get $x) (i32.add (local.get $c)
                          (i32.mul (local.get $row) (i32.add (i32.mul (local.get $y) (local.get $width)) (local.get $z))))))
                        (v128.load (i32.add (local.get $weights) (i32.add (local.get $c)
                          (i32.mul (local.get $row) (i32.add (i32.mul (local.get $ky) (local.get $size)) (local.get $kx)))))))))))
                  (br_if $each_kx (i32.lt_u (local.tee $kx (i32.add (local.get $kx) (i32.const 1))) (local.get $size))))))
            (br_if $each_ky (i32.lt_u (local.tee $ky (i32.add (local.get $ky) (i32.const 1))) (local.get $size))))
          (v128.store (i32.add (local.get $out) (local.get $c)) (local.get $sum))
          (br_if $each_channel (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 16))) (local.get $row))))
        (local.set $out (i32.add (local.get $out) (local.get $row)))
        (br_if $each_column (i32.lt_u (local.tee $q (i32.add (local.get $q) (i32.const 1))) (local.get $columns))))
      (br_if $each_row (i32.lt_u (local.tee $r (i32.add (local.get $r) (i32.const 1))) (local.get $rows)))))

  ;; out = max(0, x), over `bytes` bytes.
  (func (export "relu") (param $x i32) (param $out i32) (param $bytes i32)
    (local $i i32)
    (loop $each
      (v128.store (i32.add (local.get $out) (local.get $i))
        (f32x4.pmax (v128.load (i32.add (local.get $x) (local.get $i))) (v128.const f32x4 0 0 0 0)))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $bytes)))))

  ;; out = x · min(6, max(0, x + 3)) / 6.
  (func (export "hard_swish") (param $x i32) (param $out i32) (param $bytes i32)
    (local $i i32) (local $v v128)
    (loop $each
      (local.set $v (v128.load (i32.add (local.get $x) (local.get $i))))
      (v128.store (i32.add (local.get $out) (local.get $i))
        (f32x4.mul (f32x4.mul (local.get $v) (v128.const f32x4 0.16666667 0.16666667 0.16666667 0.16666667))
          (f32x4.pmin (f32x4.pmax (f32x4.add (local.get $v) (v128.const f32x4 3 3 3 3)) (v128.const f32x4 0 0 0 0))
            (v128.const f32x4 6 6 6 6))))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $bytes)))))

  (func (export "add") (param $x i32) (param $y i32) (param $out i32) (param $bytes i32)
    (local $i i32)
    (loop $each
      (v128.store (i32.add (local.get $out) (local.get $i))
        (f32x4.add (v128.load (i32.add (local.get $x) (local.get $i))) (v128.load (i32.add (local.get $y) (local.get $i)))))
      (br_if $each (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $bytes)))))

  ;; Every row of x by the one row of y.
  (func (export "scale") (param $x i32) (param $y i32) (param $out i32) (param $pixels i32) (param $channels i32)
    (local $c i32) (local $row i32)
    (local.set $row (i32.shl (local.get $channels) (i32.const 2)))
    (loop $each_pixel
      (local.set $c (i32.const 0))
      (loop $each
        (v128.store (i32.add (local.get $out) (local.get $c))
          (f32x4.mul (v128.load (i32.add (local.get $x) (local.get $c))) (v128.load (i32.add (local.get $y) (local.get $c)))))
        (br_if $each (i32.lt_u (local.tee $c (i32.add (local.get $c) (i32.const 16))) (local.get $row))))
      (local.set $x (i32.add (local.get $x) (local.get $row)))
      (local.set $out (i32.add (local.get $out) (local.get $row)))
      (br_if $each_pixel (local.tee $pixels (i32.sub (local.get $pixels) (i32.const 1))))))
)
